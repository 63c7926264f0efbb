"""Stories of a backup that is put back: nothing goes out before somebody has looked, nothing twice, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cadence.core.model import Source
from cadence.services.quiet import release
from cadence.services.restoring import WHY, quieten
from cadence.store import backup, open_store
from tests.support.world import World


def restore(world: World, file: Path) -> int:
    """As the command does it; the world goes on with what was restored."""
    url = f"sqlite:///{world.folder / 'cadence.db'}"
    world.store.close()
    with backup.unpacked(file) as (copy, taken):
        context = replace(world.context, store=open_store(copy))
        aside = quieten(context, taken, world.clock.now)
        context.store.close()
        backup.install(copy, url, world.clock.now, world.folder)
    world.store = open_store(url)
    world.context = replace(world.context, store=world.store)
    return aside


def released(world: World) -> None:
    with world.store.begin() as work:
        release(work, "all", Source.CLI, world.clock.now)


def taken(world: World) -> Path:
    file = world.folder / "backup.db"
    backup.backup(f"sqlite:///{world.folder / 'cadence.db'}", file, world.clock.now)
    return file


def said(world: World, when: Callable[[str], bool] = lambda _: True) -> list[str]:
    with world.store.read() as work:
        return [one.key for one in work.ledger.sent() if not one.edits and when(one.occasion)]


def test_what_was_sent_since_the_backup_is_found_in_slack_and_not_sent_again(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/Berlin
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    roles: {vp: vic}
    activities:
      audit: {kind: audit, owner: ana, on: 2027-03-03}
      look: {kind: metric_review, owner: ana, every: workday}
    """
    file = taken(world.load().forward(to="2027-03-02 20:00"))
    world.forward(to="2027-03-04 18:00")
    sent, posts = said(world), len(world.slack.posts)
    assert len(sent) >= 4
    assert restore(world, file) >= 2
    world.beat()
    world.forward(to="2027-03-05 07:00")
    assert len(world.slack.posts) == posts, "held: nothing goes out, not even the next day's"
    assert said(world) == sent, "what arrived after the backup is known to have arrived"
    released(world)
    world.forward(to="2027-03-05 18:00")
    assert said(world, lambda occasion: occasion < "2027-03-05") == sent
    assert len(world.slack.posts) > posts
    world.inbox("vic").expect("Your call")
    world.ignore("ana", "vic").ignore_mail()


def test_what_was_never_sent_is_said_in_the_first_brief_after_the_release(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/Berlin
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    roles: {vp: vic}
    activities:
      audit: {kind: audit, owner: ana, on: 2027-03-03}
    """
    file = taken(world.load().forward(to="2027-03-02 20:00"))
    world.ignore("ana", "vic")
    world.clock.now = world.at("2027-03-04 07:00")
    restore(world, file)
    world.forward(to="2027-03-04 07:30")
    released(world)
    world.inbox("ana").nothing()
    world.forward(to="2027-03-04 18:00")
    world.inbox("ana").expect("Audit")
    world.ignore("ana", "vic").ignore_mail()


def test_where_nobody_can_be_asked_todays_brief_counts_as_sent(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/Berlin
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, channel: email}
    activities:
      look: {kind: metric_review, owner: ana, every: workday}
    """
    file = taken(world.load().forward(to="2027-03-02 20:00"))
    world.forward(to="2027-03-03 12:00")
    mails = len(world.smtp.mails)
    restore(world, file)
    released(world)
    world.forward(to="2027-03-03 18:00")
    assert len(world.smtp.mails) == mails
    world.forward(to="2027-03-04 12:00")
    assert len(world.smtp.mails) == mails + 1
    with world.store.read() as work:
        dropped = [one for one in work.ledger.meant_for("ana", world.at("2027-03-03 00:00").date()) if one.error == WHY]
    assert dropped == [] or {one.sent_at for one in dropped} == {None}
    world.ignore("ana").ignore_mail()
