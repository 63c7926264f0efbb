"""The smallest example of each mistake in a plan's text (P1xx, P2xx) and its cure: what `cadence explain` shows.

Each is a fragment that lies over a small sound plan (`SOUND`): its words replace those of the plan, and a fragment with
people of its own has no roles but its own. A test compiles both sides: `wrong` gives the code, `right` does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cadence.core.model import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Example:
    """`severity` is that of `wrong`; `people` the people file of both; `cured` that of `right` where it differs.

    What arises outside of the text, between two plans or by a command, is `told` in a sentence instead.
    """

    wrong: str = ""
    right: str = ""
    severity: Severity = ERROR
    people: str = ""
    cured: str = ""
    told: str = ""


SOUND: Mapping[str, str] = MappingProxyType(
    {
        "plan": "plan: sound",
        "rollout": "rollout: 2027-01-11",
        "ends": "ends: week 4",
        "milestones": "milestones: {v2: 2027-06-01}",
        "people": """\
people:
  list:
    meg: {name: Meg Day, email: meg@example.com}
    ann: {name: Ann Berg, manager: meg, email: ann@example.com, region: East}
    dana: {name: Dana Ruiz, email: dana@example.com}
    priya: {name: Priya Shah, email: priya@example.com}
    north: {name: Northstar, email: north@example.com, external: true}""",
        "roles": "roles: {vp: dana, sponsor: priya, enablement: dana, assessor: north}",
        "backups": "backups: {dana: priya, north: dana}",
        "activities": """\
activities:
  rides: {kind: field_ride, every: 2 weeks}
  gate: {kind: gate_proof, owner: vp, on: day 10}""",
    }
)

_FILE = "people: {file: people.csv, columns: {name: Name, manager: Manager, email: Mail}}"
_ROWS = "Name,Manager,Mail\nMeg Day,,meg@example.com\nAnn Berg,Meg Day,ann@example.com\n"
_DATED = "people: {file: people.csv, columns: {name: Name, email: Mail, started: Since}}"
_STARTS = "Name,Mail,Since\nAnn Berg,ann@example.com,"


def activity(words: str, key: str = "talk") -> str:
    """The fragment of one activity."""
    return f"activities:\n  {key}: {{{words}}}"


_TEXT = {
    "P100": Example(_FILE.replace("people.csv", "sales.csv"), _FILE, people=_ROWS),
    "P101": Example(f"title: {'[' * 60}{']' * 60}", "title: Not so deep"),
    "P102": Example("keepers: [dana", "keepers: [dana]"),
    "P103": Example("calendar:\n\tcountry: US", "calendar:\n  country: US"),
    "P104": Example(
        "calendar:\n    country: US\n  subdivision: NY",
        "calendar:\n  country: US\n  subdivision: NY",
    ),
    "P105": Example("title: Gap: selling", 'title: "Gap: selling"'),
    "P106": Example("title: Deal #4", 'title: "Deal #4"', WARNING),
    "P107": Example('digest: {on: mon, tue, at: "08:00"}', 'digest: {on: mon, at: "08:00"}'),
    "P108": Example("brief: \u201c08:30\u201d", 'brief: "08:30"'),
    "P109": Example("title:\u00a0Gap selling", "title: Gap selling"),
    "P110": Example(
        activity("kind: training, on: day 1") + "\n  talk: {kind: training, on: day 8}",
        activity("kind: training, on: day 1") + "\n  second-talk: {kind: training, on: day 8}",
    ),
    "P111": Example("title: !!str Gap selling", "title: Gap selling"),
    "P112": Example("title:", "title: Gap selling"),
    "P113": Example("title: *gap", 'title: "*gap"'),
    "P114": Example(_FILE, _FILE, people=_ROWS + "Bob Day, Meg Day, bob@x.example, 7\n", cured=_ROWS),
    "P115": Example("keepers:\n  \u2013 dana", "keepers:\n  - dana"),
    "P190": Example(
        activity("kind: training, when: {signal: deal.stage, within: 3 workdays}"),
        activity("kind: training, every: week"),
        NOTE,
    ),
}

_WORDS = {
    "P201": Example("titel: Gap selling", "title: Gap selling"),
    "P202": Example(activity("kind: training"), activity("kind: training, on: day 3")),
    "P203": Example("rollout: 2027-02-30", "rollout: 2027-03-01"),
    "P204": Example(activity("kind: training, owner: mangaer, on: day 3"), activity("kind: training, on: day 3")),
    "P205": Example(activity("kind: audit, on: v3 - 2 weeks"), activity("kind: audit, on: v2 - 2 weeks")),
    "P206": Example(activity("kind: feild_ride"), activity("kind: field_ride")),
    "P207": Example(
        activity("kind: training, every: week, rrule: FREQ=DAILY"), activity("kind: training, rrule: FREQ=DAILY")
    ),
    "P208": Example(_FILE.replace("Mail", "Post"), _FILE, people=_ROWS),
    "P209": Example(
        _FILE,
        _FILE,
        people=_ROWS + "Ann Berg,Meg Day,\n",
        cured=_ROWS + "Ann Berg,Meg Day,ann.berg2@example.com\n",
    ),
    "P210": Example("extends: sbi", "extends: sbi-six-actions"),
    "P211": Example("milestones: {qbr: v2, v2: qbr}", "milestones: {qbr: v2, v2: day 180}"),
    "P212": Example("timezone: America/New_Yrok", "timezone: America/New_York"),
    "P213": Example("phases: {start: day 9..day 3}", "phases: {start: day 3..day 9}"),
    "P214": Example(
        _FILE,
        _FILE,
        people=_ROWS + "Bob Day,Meg Day,ann@example.com\n",
        cured=_ROWS + "Bob Day,Meg Day,bob@x.example\n",
    ),
    "P215": Example(
        activity("kind: training, on: day 3, only: {region: Moon}"),
        activity("kind: training, on: day 3, only: {region: East}"),
        WARNING,
    ),
    "P216": Example(
        "metrics: {adoption: {target: 70%}}\n"
        + activity("kind: training, when: {metric: adopted, below: 70%, check_on: day 20}"),
        "metrics: {adoption: {target: 70%}}\n"
        + activity("kind: training, when: {metric: adoption, below: 70%, check_on: day 20}"),
    ),
    "P217": Example("accept: {P203: we know}", "accept: {P311: she is never away}"),
    "P218": Example(
        "metrics: {days-to-quote: {baseline: 9, target: 5}}",
        "metrics: {days-to-quote: {baseline: 9, target: 5, better: lower}}",
        WARNING,
    ),
    "P219": Example(
        activity("kind: field_ride, ask: {worked: {required: true}, aids: {required: true}}"),
        activity("kind: field_ride, ask: {worked: {required: true}}"),
        NOTE,
    ),
    "P220": Example(
        "waves:\n  one: {rollout: 2027-01-11, only: {region: East}}\n"
        "  two: {rollout: 2027-01-25, only: {region: East}}",
        "waves:\n  one: {rollout: 2027-01-11, only: {region: East}}",
        WARNING,
    ),
    "P221": Example(
        "quiet: [{from: 2028-03-22, until: 2028-03-31}]", "quiet: [{from: 2027-01-22, until: 2027-01-31}]", WARNING
    ),
    "P240": Example(_FILE, _FILE, NOTE, people=_ROWS + "Total,2,\n", cured=_ROWS),
    "P241": Example(_FILE, _FILE, people=_ROWS + "王伟,Meg Day,\n", cured=_ROWS + "王伟,Meg Day,wang@example.com\n"),
    "P242": Example(
        f'{_FILE[:-1]}, email: "{{first}}.{{last}}@example.com"}}',
        f'{_FILE[:-1]}, email: "{{first}}.{{last}}@example.com"}}',
        people=_ROWS + "Cher,Meg Day,\n",
        cured=_ROWS + "Cher,Meg Day,cher@example.com\n",
    ),
    "P243": Example(
        "people:\n  places: {Munich: {timezone: Europe/Berlin}}\n  list: {meg: {name: Meg Day, place: Munchen}}",
        "people:\n  places: {Munich: {timezone: Europe/Berlin}}\n  list: {meg: {name: Meg Day, place: Munich}}",
        WARNING,
    ),
    "P244": Example(_DATED, _DATED, people=f"{_STARTS}3/4/2027\n", cured=f"{_STARTS}2027-04-03\n"),
    "P245": Example(
        "people:\n  list: {meg: {name: Meg Day, left: 2026-03-31, started: 2026-10-01}}",
        "people:\n  list: {meg: {name: Meg Day, started: 2026-10-01}}",
        NOTE,
    ),
    "P246": Example(
        _FILE,
        _FILE,
        WARNING,
        people=_ROWS + "Bob Day,Meg Daye,bob@example.com\n",
        cured=_ROWS + "Bob Day,Meg Day,bob@example.com\n",
    ),
    "P247": Example(
        f"{_FILE[:-1]}, where: {{Job: Manager}}}}",
        f"{_FILE[:-1]}, where: {{Job: [Manager, Seller]}}}}",
        NOTE,
        people="Name,Manager,Mail,Job\nMeg Day,,meg@example.com,Manager\nAnn Berg,Meg Day,ann@example.com,Seller\n",
    ),
}

OF_THE_TEXT: Mapping[str, Example] = MappingProxyType({**_TEXT, **_WORDS})
