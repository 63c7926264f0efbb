"""WHEN: from the words of a plan to the slots of a series. Pure; days only, instants come later.

`words` reads durations and dates, `quantities` amounts; `trigger` holds what `grammar` reads (with `awaiting` for
`when` and `recurrence` for `rrule`) and `spelling` writes; `dates` knows the plan's days; `periods`, `rhythm` and
`rule` turn a trigger into slots. A slot is counted before rolling, so that its key outlives holidays and a moved
rollout.
"""

from cadence.core.triggers.dates import DEFAULT_ENDS, PlanDates, plan_dates, resolve, roll
from cadence.core.triggers.grammar import TRIGGER_KEYS, build_trigger, parse_every, parse_on, trigger_for
from cadence.core.triggers.quantities import Quantity, parse_quantity, parse_unit
from cadence.core.triggers.rhythm import MOST_SLOTS, slots
from cadence.core.triggers.rule import names_a_day
from cadence.core.triggers.slot import Slot
from cadence.core.triggers.spelling import date_words, default_roll, spell
from cadence.core.triggers.trigger import (
    Awaited,
    Every,
    MonthDay,
    NthWeekday,
    Once,
    OnDates,
    Rhythm,
    Roll,
    Rule,
    Several,
    Trigger,
    Weekdays,
)
from cadence.core.triggers.words import (
    RESERVED,
    BadWord,
    DateWord,
    Day,
    Duration,
    Name,
    Shift,
    Week,
    parse_date,
    parse_duration,
    parse_phase,
    parse_span,
)

__all__ = [
    "DEFAULT_ENDS",
    "MOST_SLOTS",
    "RESERVED",
    "TRIGGER_KEYS",
    "Awaited",
    "BadWord",
    "DateWord",
    "Day",
    "Duration",
    "Every",
    "MonthDay",
    "Name",
    "NthWeekday",
    "OnDates",
    "Once",
    "PlanDates",
    "Quantity",
    "Rhythm",
    "Roll",
    "Rule",
    "Several",
    "Shift",
    "Slot",
    "Trigger",
    "Week",
    "Weekdays",
    "build_trigger",
    "date_words",
    "default_roll",
    "names_a_day",
    "parse_date",
    "parse_duration",
    "parse_every",
    "parse_on",
    "parse_phase",
    "parse_quantity",
    "parse_span",
    "parse_unit",
    "plan_dates",
    "resolve",
    "roll",
    "slots",
    "spell",
    "trigger_for",
]
