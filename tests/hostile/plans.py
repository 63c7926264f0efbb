"""Plans by chance, over the whole vocabulary: mostly what fits together, sometimes what does not.

A seed makes one plan, always the same. What comes out is text, as somebody might have written it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from cadence.core.kinds import KINDS
from tests.hostile.fields import Data, block, bundle, table

NAMES = (
    "Ana Silva",
    "Ben Okoye",
    "Cem Acar",
    "Dee Marsh",
    "Ewa Łąck",
    "Fay O'Hara",
    "Gil Roth",
    "Hana Sato",
    "Ivo Bek",
)
REGIONS = ("East", "West", "Nord")
TAGS = ("ramping", "senior", "pilot")
PLACES = {
    "Boston": {"timezone": "America/New_York", "country": "US"},
    "Cairo": {"timezone": "Africa/Cairo", "country": "EG", "workdays": "sun-thu", "hours": "09:00-17:00"},
    "Lord Howe": {"timezone": "Australia/Lord_Howe"},
}
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "America/Santiago")
ROLLOUTS = ("2027-01-11", "2027-01-01", "2028-02-29", "2026-12-28", "2027-10-31", "2027-03-28")
DATES = (
    "day 0",
    "day 17",
    "day -3",
    "week 2",
    "week 53",
    "qbr",
    "v2",
    "qbr + 3 workdays",
    "v2 - 2 weeks",
    "2027-03-01",
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LENGTHS = ("15 min", "4h", "90 min")
LEADS = ("2 workdays", "3 days", "2 weeks")
SPANS = (("week 2", "week 3"), ("day 10", "day 10"), ("2027-03-01", "2027-03-31"), ("day 40", "week 20"))
EVERY = {
    "workday": (),
    "week": ("mon", ["tue", "thu"], "fri"),
    "2 weeks": ("wed", ["mon", "sun"]),
    "month": ("15th", "31st", "last fri", "first mon", ["tue"]),
    "quarter": ("1st", "last fri"),
    "10 workdays": (),
}
"""Rhythms, and what of `on` goes with them."""
RULES = (
    *(
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=DAILY;COUNT=9",
        "FREQ=MONTHLY;BYMONTHDAY=31",
    ),
    *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=WEEKLY;UNTIL=20270301", "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU"),
)
ROLES = ("vp", "sponsor", "enablement", "assessor")
OWNERS = ("manager", "manager", "rep", *ROLES, "ben-okoye")
WITH = ("each rep", "each manager", "team", "managers", "reps", "vp", "ana-silva")
TYPES = ("yes/no", "text", "choice", "score", "number", "date", "link", "person")
ODD = (
    *(
        "",
        "soon",
        "99999999999",
        "-1",
        "day 9999",
        "..",
        "é" * 40,
        "{{x}}",
        "1e5",
        "12:30",
        "null",
        "[a",
        "true",
        "0 days",
    ),
    *(
        "26h",
        "1 month",
        "nobody-known",
        "FREQ=MINUTELY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "52 weeks",
        "v2",
        "rep",
    ),
)
"""What belongs nowhere, or only elsewhere."""


class Chance:
    """One seed's luck."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def one(self, options: Sequence[Any]) -> Any:  # noqa: ANN401 - one of these, whatever they are
        return self.random.choice(options)

    def some(self, options: Sequence[Any], most: int = 3) -> list[Any]:
        return self.random.sample(options, self.random.randint(0, min(most, len(options))))

    def often(self, share: float = 0.5) -> bool:
        return self.random.random() < share

    def maybe(self, words: dict[str, Data], key: str, value: Callable[[], Data], share: float = 0.25) -> None:
        """Says a word with this share of luck, and rarely something else in its place."""
        if self.often(share):
            words[key] = self.one(ODD) if self.often(0.02) else value()


def plan_by_chance(seed: int) -> tuple[str, str]:
    """A plan and its people file."""
    luck = Chance(seed)
    people = _people(luck)
    return block(_plan(luck)), table(people)


def bundle_by_chance(seed: int) -> object:
    return bundle(*plan_by_chance(seed))


def _people(luck: Chance) -> list[dict[str, str]]:
    others = luck.some(NAMES[2:], len(NAMES))
    rows = [{"name": name} for name in (*NAMES[:2], *others)]
    for number, row in enumerate(rows):
        row["manager"] = luck.one((*[above["name"] for above in rows[:number]][:2], "Zoe New", ""))
        row["email"] = f"{row['name'][:3].lower()}@example.test" if luck.often(0.9) else ""
        row["region"], row["tags"] = luck.one(REGIONS), ",".join(luck.some(TAGS))
        row["place"] = luck.one([*PLACES, "", ""])
        row["started"] = luck.one(("", "", "", "2027-02-01"))
        row["left"] = luck.one(("", "", "", "2027-03-15"))
    return rows


def _plan(luck: Chance) -> dict[str, Data]:
    said: dict[str, Data] = {
        "plan": "by-chance",
        "rollout": luck.one(ROLLOUTS),
        "ends": luck.one(("week 9", "week 30")),
    }
    said["milestones"] = {"qbr": "day 90", "v2": luck.one(("2027-07-15", "day 60", "qbr + 3 days"))}
    said["phases"] = {"start": "weeks 1-2", "rest": luck.one(("week 3..day 60", "weeks 3-20"))}
    said["people"] = _people_part(luck)
    said["roles"] = {role: luck.one(("ana-silva", "ben-okoye", "kim")) for role in ROLES if luck.often(0.9)}
    said["metrics"] = {"adoption": _metric(luck)}
    luck.maybe(said, "title", lambda: {"en": "By chance", "de": "Zufällig"})
    luck.maybe(said, "timezone", lambda: luck.one(ZONES), 0.8)
    luck.maybe(said, "calendar", lambda: _calendar(luck))
    luck.maybe(said, "waves", lambda: _waves(luck))
    luck.maybe(said, "quiet", lambda: [_quiet(luck) for _ in range(luck.random.randint(1, 3))])
    luck.maybe(said, "away", lambda: {luck.one(("ana-silva", "kim")): ["2027-02-08..2027-02-12", "2027-01-20"]})
    luck.maybe(said, "backups", lambda: {luck.one(("ben-okoye", "ana-silva")): "kim"})
    luck.maybe(said, "keepers", lambda: luck.one(("kim", ["kim", "ana-silva"])))
    luck.maybe(said, "fiscal_year", lambda: luck.one(("feb", "october", "12")))
    luck.maybe(said, "budget", lambda: luck.one(("2 per week", "1 per day")))
    luck.maybe(said, "brief", lambda: luck.one(("08:30", "23:59")))
    luck.maybe(said, "digest", lambda: {"on": luck.one(WEEKDAYS[:5]), "at": "08:00"})
    luck.maybe(said, "channel", lambda: "#wins")
    luck.maybe(said, "accept", lambda: {luck.one(("P310", "P315")): "we know"})
    said["activities"] = {f"a{n}": _activity(luck) for n in range(luck.random.randint(1, 6))}
    return said


def _people_part(luck: Chance) -> dict[str, Data]:
    kim: dict[str, Data] = {"name": "Kim Lee", "email": "kim@example.test"}
    luck.maybe(kim, "external", lambda: "true")
    luck.maybe(kim, "timezone", lambda: luck.one(ZONES))
    if luck.often(0.1):
        kim |= {"replaces": "ana-silva", "since": "2027-02-15"}
    places: dict[str, Data] = {name: dict(words) for name, words in PLACES.items()}
    part: dict[str, Data] = {"file": "people.csv", "list": {"kim": kim}, "places": places}
    luck.maybe(part, "after_start", lambda: luck.one(LEADS))
    luck.maybe(part, "email", lambda: "{first}.{last}@example.test")
    return part


def _calendar(luck: Chance) -> Data:
    days: dict[str, Data] = {
        "workdays": luck.one(("mon-fri", "sun-thu", "mon", ["tue", "thu"])),
        "hours": "08:00-18:00",
    }
    luck.maybe(days, "closed", lambda: ["2027-12-24..2027-12-31", "2027-01-18"])
    return days


def _waves(luck: Chance) -> Data:
    first: dict[str, Data] = {"rollout": luck.one(ROLLOUTS), "only": _filter(luck)}
    luck.maybe(first, "roles", lambda: {"vp": "kim"})
    return {"one": first, "two": {"rollout": "2027-01-25", "only": {"region": luck.one(REGIONS)}}}


def _quiet(luck: Chance) -> Data:
    first, last = luck.one(SPANS)
    span: dict[str, Data] = {"from": first, "until": last}
    luck.maybe(span, "only", lambda: luck.some(("light", "standard", "key")) or "light")
    return span


def _metric(luck: Chance) -> Data:
    words: dict[str, Data] = {"unit": "percent", "per": luck.one(("rep", "team", "plan"))}
    luck.maybe(words, "baseline", lambda: "20%")
    luck.maybe(words, "target", lambda: luck.one(("70%", "7.5%")))
    luck.maybe(words, "owner", lambda: luck.one(OWNERS))
    luck.maybe(words, "every", lambda: luck.one(("week", "2 weeks", "month")))
    luck.maybe(words, "better", lambda: "lower")
    return words


def _filter(luck: Chance) -> dict[str, Data]:
    several: dict[str, Data] = {"region": [*REGIONS], "tags": "x"}
    return dict(luck.one(({"region": luck.one(REGIONS)}, {"tags": luck.one(TAGS)}, several)))


def _activity(luck: Chance) -> Data:
    words: dict[str, Data] = {"kind": luck.one(sorted(KINDS))}
    words |= _when(luck)
    if luck.often(0.1):
        words["rotate"] = luck.one(("managers", "reps"))
    else:
        luck.maybe(words, "owner", lambda: luck.one(OWNERS), 0.7)
    luck.maybe(words, "with", lambda: luck.one((luck.one(WITH), luck.some(WITH[2:], 2))), 0.4)
    luck.maybe(words, "shadow", lambda: "kim", 0.1)
    luck.maybe(words, "at", lambda: luck.one(("09:00", "02:30", "23:45")), 0.3)
    luck.maybe(words, "lasts", lambda: luck.one(LENGTHS))
    luck.maybe(words, "roll", lambda: luck.one(("next", "previous", "keep")))
    luck.maybe(words, "weight", lambda: luck.one(("light", "standard", "key")))
    luck.maybe(words, "only", lambda: dict(_filter(luck)), 0.15)
    luck.maybe(words, "not", lambda: dict(_filter(luck)), 0.15)
    luck.maybe(words, "ask", lambda: {"next-time": _field(luck)})
    luck.maybe(words, "topics", lambda: ["Openings", "Objections", {"en": "Closing", "de": "Abschluss"}])
    luck.maybe(words, "remind", lambda: luck.some(("2 workdays before", "same day", "1 week before")), 0.2)
    if "at" in words:
        luck.maybe(words, "ping", lambda: luck.one(("1h before", "15 min before")))
    luck.maybe(words, "escalate", lambda: [{"after": luck.one(LEADS), "to": "line", "ask": "decision"}], 0.15)
    luck.maybe(words, "urgent", lambda: "true", 0.1)
    luck.maybe(words, "was", lambda: "old-key", 0.02)
    luck.maybe(words, "title", lambda: "Look: again, at 100%")
    luck.maybe(words, "agenda", lambda: "First\nthen")
    return words


def _when(luck: Chance) -> dict[str, Data]:
    limits: dict[str, Data] = {}
    luck.maybe(limits, "from", lambda: luck.one(DATES))
    luck.maybe(limits, "until", lambda: luck.one(DATES))
    luck.maybe(limits, "during", lambda: luck.one(("start", "rest")), 0.1)
    luck.maybe(limits, "times", lambda: luck.one(("1", "5", "400")), 0.1)
    luck.maybe(limits, "except", lambda: luck.some(DATES, 2), 0.1)
    match luck.random.randint(0, 9):
        case 0 | 1 | 2:
            return {"on": luck.one((luck.one(DATES), luck.some(DATES) or "day 1"))}
        case 3 | 4 | 5 | 6:
            every, days = luck.one(sorted(EVERY.items()))
            return {"every": every, **({"on": luck.one(days)} if days and luck.often() else {}), **limits}
        case 7:
            return {"rrule": luck.one(RULES), **limits}
        case 8:
            return {"when": {"signal": "deal.stage", "within": "3 workdays", "at_most": "2 per week"}}
        case _:
            return {"when": {"metric": "adoption", "below": "70%", "check_on": luck.one(DATES)}}


def _field(luck: Chance) -> Data:
    field: dict[str, Data] = {"label": "What next?", "type": luck.one(TYPES)}
    if field["type"] == "choice":
        field["options"] = ["one", "two"]
    luck.maybe(field, "required", lambda: "yes")
    luck.maybe(field, "carry", lambda: "true")
    luck.maybe(field, "seen_by", lambda: luck.one(("pair", "line", "keepers", "plan")))
    luck.maybe(field, "collect", lambda: "wins", 0.1)
    return field
