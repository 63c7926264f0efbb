"""Next month's export of the same people, loaded over the last: names and managers change, tasks stay."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cadence import templating
from cadence.core.model import Answer, Source, State, Task, Verb
from cadence.services.context import Context
from cadence.services.gather import gather
from cadence.services.reconcile import Prepared, load
from cadence.services.respond import respond
from cadence.store import Store, open_store

PLAN = """\
plan: hr
rollout: 2027-01-11
ends: week 6
people: {file: people.csv}
backups: {anna-berg: bob-day}
activities:
  ones: {kind: one_on_one, owner: manager, with: each rep, every: week}
"""
JANUARY = "id,name,manager\n5,Anna Berg,7\n6,Bob Day,7\n7,Cara Losch,\n8,Di Orr,9\n9,Ed Fry,\n"
FEBRUARY = (
    "id;name;manager\n5;Hill, Anna;9.0\n6;Bob Day;7.0\n7;Cara Losch;\n8;Di Orr;9.0\n9;Ed Fry;\n10;Anna Berg;7.0\n"
)


def loaded(store: Store, folder: Path, people: str, now: datetime) -> Prepared:
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (folder / "people.csv").write_text(people, encoding="utf-8")
    with store.read() as work:
        aliases = work.people.aliases()
    bundle, problems = gather(folder / "plan.yaml", aliases)
    assert bundle is not None, "\n".join(map(str, problems))
    prepared, problems = load(_context(store), bundle, now, force=True)
    assert prepared is not None, "\n".join(map(str, problems))
    return prepared


def _context(store: Store) -> Context:
    return Context(store=store, channels={}, words=templating.words)


def about(store: Store, rep: str) -> dict[str, Task]:
    with store.read() as work:
        return {task.id: task for task in work.tasks.find(plan="hr") if task.occurrence.about == f"rep/{rep}"}


def test_a_rep_with_a_new_name_under_a_new_manager_keeps_tasks_and_history(tmp_path: Path) -> None:
    january, february = datetime(2027, 1, 8, 9, tzinfo=UTC), datetime(2027, 2, 1, 9, tzinfo=UTC)
    store = open_store("sqlite://")
    try:
        loaded(store, tmp_path, JANUARY, january)
        before = about(store, "anna-berg")
        first = min(before.values(), key=lambda task: task.date)
        done = Answer(task_id=first.id, verb=Verb.DONE, actor=None, source=Source.CLI, at=january)
        assert respond(_context(store), done).refusal is None

        found = loaded(store, tmp_path, FEBRUARY, february).compiled.directory
        after = about(store, "anna-berg")
        assert {person.name: key for key, person in found.persons.items() if person.name.startswith("Anna")} == {
            "Anna Hill": "anna-berg",
            "Anna Berg": "anna-berg-10",
        }
        assert after.keys() == before.keys()
        assert after[first.id].state is State.DONE
        assert {task.occurrence.seat for task in after.values() if task.state.live} == {"manager/ed-fry"}
        assert after[first.id].occurrence.seat == "manager/cara-losch"
        assert found.backups == {"anna-berg": "bob-day"}

        again = loaded(store, tmp_path, FEBRUARY, february)
        assert again.change_set.is_empty
        assert again.compiled.directory == found
    finally:
        store.close()
