"""check, compile, diff, load: documents, exit codes, bytes."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

from tests.cli.conftest import PLAN, Cadence

GOLDEN = Path(__file__).parent / "golden" / "compile.json"


def test_a_small_compile_is_the_golden_document(cadence: Cadence, plan: Path) -> None:
    compiled = cadence("compile", str(plan), "--json")
    if os.environ.get("CADENCE_UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(compiled.out)
    assert compiled.out == GOLDEN.read_text()


def test_two_compiles_give_the_same_bytes_in_every_form(cadence: Cadence, plan: Path) -> None:
    for form in ("--json", "--csv", "--ics"):
        first = cadence("compile", str(plan), form)
        later = cadence("compile", str(plan), form, now="2028-05-01T00:00:00Z")
        assert first.out == later.out
        assert first.code == 0
        assert first.out


def test_tasks_are_ordered_by_date_then_due_then_id(cadence: Cadence, plan: Path) -> None:
    document = json.loads(cadence("compile", str(plan), "--json").out)
    order = [(task["date"], task["due"], task["id"]) for task in document["tasks"]]
    assert order == sorted(order)
    assert len(order) > 3


def test_a_csv_cell_is_never_a_formula(cadence: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("on: day 0}", 'on: day 0, title: "=1+1"}'))
    rows = list(csv.DictReader(io.StringIO(cadence("compile", str(plan), "--csv").out)))
    assert [row["title"] for row in rows if row["activity"] == "kick-off"] == ["'=1+1"]


def test_check_prints_problems_and_a_summary_on_stderr_only(cadence: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("owner: vp", "owner: vip").replace("kind: communication", "kind: comunication"))
    checked = cadence("check", str(plan))
    assert checked.code == 1
    assert checked.out == ""
    lines = checked.err.splitlines()
    assert len([line for line in lines if "error[P" in line]) == 2
    assert all(line.startswith("emea.yaml:") for line in lines[:-1])
    assert "2 errors" in lines[-1]


def test_a_plan_with_errors_is_still_one_document(cadence: Cadence, plan: Path) -> None:
    plan.write_text("plan: emea\n")
    for command in ("check", "compile", "diff", "load"):
        ended = cadence(command, str(plan), "--json")
        assert ended.code == 1
        findings = json.loads(ended.out)["findings"]
        assert findings[0]["severity"] == "error"
        assert findings[0]["file"] == "emea.yaml"


def test_check_leaves_nothing_behind(cadence: Cadence, plan: Path) -> None:
    cadence("check", str(plan))
    assert [file.name for file in plan.parent.iterdir()] == [plan.name]


def test_diff_ends_with_3_while_changes_are_pending_and_then_with_0(cadence: Cadence, plan: Path) -> None:
    assert cadence("diff", str(plan)).code == 0
    assert cadence("diff", str(plan), "--exit-code").code == 3
    assert cadence("load", str(plan), "--yes").code == 0
    assert cadence("diff", str(plan), "--exit-code").code == 0


def test_a_first_load_is_shown_and_loaded_without_force(cadence: Cadence, plan: Path) -> None:
    shown = cadence("load", str(plan), "--yes")
    assert shown.code == 0
    assert "Dana Ruiz\trides\t2027-01-21\t\tField ride with Moses Frase" in shown.out
    assert " new, 0 move, 0 change hands" in shown.err


def test_without_a_terminal_and_without_yes_nothing_is_loaded(cadence: Cadence, plan: Path) -> None:
    refused = cadence("load", str(plan))
    assert refused.code == 1
    assert "--yes" in refused.err
    assert cadence("tasks", "--json").tasks == []


def test_json_asks_nothing(cadence: Cadence, plan: Path) -> None:
    document = json.loads(cadence("load", str(plan), "--json").out)
    assert len(cadence("tasks", "--json").tasks) == len(document["add"]) > 0


def test_a_dry_run_changes_nothing(cadence: Cadence, plan: Path) -> None:
    assert cadence("load", str(plan), "--dry-run").code == 0
    assert cadence("tasks", "--json").tasks == []


def test_only_the_changes_that_were_reviewed_are_loaded(cadence: Cadence, plan: Path) -> None:
    reviewed = json.loads(cadence("diff", str(plan), "--json").out)["changes"]
    plan.write_text(PLAN.replace("ends: week 2", "ends: week 4"))
    assert cadence("load", str(plan), "--yes", "--expect", reviewed).code == 1
    plan.write_text(PLAN)
    assert cadence("load", str(plan), "--yes", "--expect", reviewed).code == 0


def test_a_danger_wants_force(loaded: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("  rides: {", "  other-rides: {"))
    shown = loaded("load", str(plan), "--json")
    assert shown.code == 1
    assert json.loads(shown.out)["dangers"][0]["code"] == "many-retires"
    assert "--force" in shown.err
    assert loaded("load", str(plan), "--yes", "--force").code == 0
    retired = loaded("tasks", "--json", "--state", "retired").tasks
    assert {task["activity"] for task in retired} == {"rides"}


def test_an_amendment_says_from_what_to_what_and_why(loaded: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("rollout: 2027-01-11", "rollout: 2027-01-12").replace("day 0}", "day 0, title: Go}"))
    document = json.loads(loaded("diff", str(plan), "--json").out)
    (kick_off,) = [one for one in document["amend"] if one["title"] == "Go"]
    assert kick_off["changes"]["date"] == ["2027-01-11", "2027-01-12"]
    assert kick_off["changes"]["due"] == ["2027-01-11T17:00:00Z", "2027-01-12T17:00:00Z"]
    assert kick_off["why"] == "rollout"


def test_an_empty_database_lists_no_tasks(cadence: Cadence) -> None:
    assert cadence("tasks", "--json").tasks == []


def test_the_schema_is_a_document_and_a_code_can_be_explained(cadence: Cadence) -> None:
    assert "properties" in json.loads(cadence("schema").out)
    assert cadence("explain", "p204").out.startswith("P204: An unknown name")
    assert cadence("explain", "P999").code == 4


def test_init_writes_a_plan_that_compiles_and_never_over_another(cadence: Cadence, tmp_path: Path) -> None:
    assert cadence("init", "new.yaml", "--title", 'Quotes " and # signs').code == 0
    checked = cadence("check", "new.yaml")
    assert checked.code == 0
    assert "0 errors, 0 warnings" in checked.err
    before = (tmp_path / "new.yaml").read_bytes()
    assert cadence("init", "new.yaml").code == 1
    assert (tmp_path / "new.yaml").read_bytes() == before
    assert cadence("init", "new.yaml", "--force", "--from", "sbi-six-actions").code == 0
    assert (tmp_path / "new.yaml").read_bytes() != before


def test_init_finds_the_columns_of_a_people_file(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text(
        "sales_agent;manager;regional_office\nMoses Frase;Dana Ruiz;Central\nZoe Hart;Dana Ruiz;Central\n"
    )
    assert cadence("init", "--people", "crm.csv", "--rollout", "2027-01-11").code == 0
    tasks = json.loads(cadence("compile", "plan.yaml", "--json").out)["tasks"]
    assert {task["about"] for task in tasks} >= {"rep/moses-frase", "rep/zoe-hart"}


def test_init_offers_the_shipped_plan_that_was_meant(cadence: Cadence) -> None:
    ended = cadence("init", "--from", "sbi-six-action")
    assert ended.code == 4
    assert "sbi-six-actions" in ended.err
