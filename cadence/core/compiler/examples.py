"""The smallest example of each finding of the compiler (P3xx) and its cure, beside those of `planfile.examples`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cadence.core.model import Severity
from cadence.core.planfile.examples import OF_THE_TEXT, Example, activity

WARNING, NOTE = Severity.WARNING, Severity.NOTE

_TWO = """\
people:
  list:
    meg: {name: Meg Day, email: meg@example.com}
    ann: {name: Ann Berg, manager: meg, email: ann@example.com}
    bob: {name: Bob Day, manager: meg, email: bob@example.com}"""

_PARTED = """\
people:
  list:
    meg: {{name: Meg Day, email: meg@example.com}}
    ann: {{name: Ann Berg, manager: meg, email: ann@example.com, region: East}}
    bob: {{name: Bob Day, manager: meg, email: bob@example.com, region: {bob}}}
waves:
  east: {{rollout: 2027-01-11, only: {{region: East}}}}
  west: {{rollout: 2027-01-25, only: {{region: West}}}}"""

_FOUND = {
    "P301": Example('calendar: {hours: "10:00-11:00"}', 'calendar: {hours: "08:00-18:00"}', WARNING),
    "P302": Example(
        f"{_TWO}\n{activity('kind: field_ride, on: tue, every: week', 'rides')}",
        f"{_TWO}\n{activity('kind: field_ride, on: [tue, wed], every: week', 'rides')}",
        WARNING,
    ),
    "P303": Example(
        f"away: {{ann: 2027-01-18..2027-01-22}}\n{activity('kind: field_ride, every: week', 'rides')}",
        f"away: {{ann: 2027-01-18..2027-01-20}}\n{activity('kind: field_ride, every: week', 'rides')}",
        WARNING,
    ),
    "P304": Example(
        activity('kind: team_meeting, at: "19:00"'),
        activity('kind: team_meeting, at: "09:00"'),
        NOTE,
    ),
    "P305": Example(
        activity("kind: field_ride, not: {region: East}"), activity("kind: field_ride, only: {region: East}"), WARNING
    ),
    "P306": Example(
        activity("kind: training, every: week, from: week 9"),
        activity("kind: training, every: week, from: week 2"),
        WARNING,
    ),
    "P307": Example(
        f"ends: week 150\n{activity('kind: training, every: workday')}",
        f"ends: week 150\n{activity('kind: training, every: week')}",
    ),
    "P308": Example(
        f"away: {{ann: 2027-01-12}}\n{activity('kind: field_ride, every: week, on: tue', 'rides')}",
        f"away: {{ann: 2027-01-12}}\n{activity('kind: field_ride, every: week, on: [tue, wed]', 'rides')}",
        NOTE,
    ),
    "P310": Example("roles: {sponsor: priya, enablement: dana}", "roles: {sponsor: priya, vp: dana}", WARNING),
    "P311": Example("backups: {north: dana}", "backups: {north: dana, vp: priya}", NOTE),
    "P312": Example(
        "people:\n  list:\n    meg: {name: Meg Day}\n    ann: {name: Ann Berg, manager: meg, email: ann@example.com}",
        "people:\n  list:\n    meg: {name: Meg Day, email: meg@example.com}\n"
        "    ann: {name: Ann Berg, manager: meg, email: ann@example.com}",
        WARNING,
    ),
    "P313": Example(
        "roles: {vp: dana, sponsor: dana, enablement: priya}", "roles: {vp: dana, sponsor: priya}", WARNING
    ),
    "P314": Example(
        "roles: {vp: dana, sponsor: priya, assessor: priya}",
        "roles: {vp: dana, sponsor: priya, assessor: north}",
        WARNING,
    ),
    "P315": Example(activity("kind: training, on: day 20"), activity("kind: training, on: day 3"), WARNING),
    "P316": Example("milestones: {qbr: day 90}", "milestones: {qbr: day 90, v2: day 180}", NOTE),
    "P317": Example(
        activity("kind: field_ride"), activity("kind: field_ride") + "\n  gate: {kind: gate_proof, owner: vp}", NOTE
    ),
    "P318": Example(
        "quiet: [{from: 2027-01-18, until: 2027-01-22}]\n" + activity("kind: team_meeting, on: mon"),
        "quiet: [{from: 2027-01-18, until: 2027-01-20}]\n" + activity("kind: team_meeting, on: mon"),
        NOTE,
    ),
    "P320": Example(
        f"{_TWO}\nwaves: {{east: {{rollout: 2027-01-11, only: {{team: other}}}}}}",
        f"{_TWO}\nwaves: {{east: {{rollout: 2027-01-11, only: {{team: meg}}}}}}",
        WARNING,
    ),
    "P321": Example(
        _PARTED.format(bob="West"),
        _PARTED.format(bob="East"),
        NOTE,
    ),
    "P330": Example(
        activity('kind: team_meeting, on: mon, at: "09:00"')
        + '\n  review: {kind: campaign_review, on: mon, at: "09:15"}',
        activity('kind: team_meeting, on: mon, at: "09:00"')
        + '\n  review: {kind: campaign_review, on: mon, at: "09:30"}',
        WARNING,
    ),
    "P331": Example(
        severity=WARNING,
        told="Plan `rollout` has a team meeting on Mondays at 09:00, plan `leaders` a training of the same team.",
    ),
    "P332": Example(
        severity=WARNING,
        told="Plan `rollout` says that Ann works in Europe/Berlin, plan `leaders` that she works in America/New_York.",
    ),
    "P333": Example(
        severity=WARNING, told="Plan `rollout` takes 15 hours of Meg's week, plan `leaders` takes another 15."
    ),
    "P334": Example("metrics: {adoption: {target: 70%}}", "metrics: {adoption: {baseline: 20%, target: 70%}}", NOTE),
    "P335": Example("metrics: {}", "metrics: {adoption: {baseline: 20%, target: 70%}}", NOTE),
    "P336": Example(
        activity("kind: communication", "letter"),
        activity("kind: communication", "letter") + "\n  kick-off: {kind: expectation_setting}",
        NOTE,
    ),
    "P337": Example(
        activity('kind: team_meeting, every: workday, at: "09:00", ping: 1h before'),
        activity('kind: team_meeting, every: week, at: "09:00", ping: 1h before'),
        WARNING,
    ),
    "P338": Example(
        activity("kind: qbr, on: day 20", "review"),
        activity("kind: qbr, on: day 20, owner: assessor", "review"),
        NOTE,
    ),
    "P339": Example("roles: {vp: dana}", "roles: {vp: dana}\nkeepers: [priya]", WARNING),
    "P340": Example(
        f"{_TWO}\nwaves:\n  all: {{rollout: 2027-01-11, only: {{team: meg}}}}\n"
        "  west: {rollout: 2027-01-25, only: {team: meg}}",
        f"{_TWO}\nwaves:\n  all: {{rollout: 2027-01-11, only: {{team: meg}}}}",
        WARNING,
    ),
    "P341": Example(
        f"away: {{meg: 2027-01-11..2027-02-12}}\n{activity('kind: team_meeting')}",
        f"away: {{meg: 2027-01-11..2027-01-22}}\n{activity('kind: team_meeting')}",
        WARNING,
    ),
    "P342": Example(severity=WARNING, told="`cadence milestone rollout rollout --to 2035-01-08`, of a plan of 2027."),
    "P360": Example(
        severity=NOTE, told="`cadence milestone rollout v2 --to 2027-08-01`, then `cadence diff plan.yaml`."
    ),
    "P361": Example(
        severity=NOTE,
        told="`cadence milestone rollout v2 --to 2027-08-01`, then a `plan.yaml` is loaded that has no milestone v2.",
    ),
    "P362": Example(severity=NOTE, told="`cadence people end meg --on 2027-03-31`, then `cadence diff plan.yaml`."),
}

EXAMPLES: Mapping[str, Example] = MappingProxyType({**OF_THE_TEXT, **_FOUND})
