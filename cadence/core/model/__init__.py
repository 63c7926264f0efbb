"""The values that travel the road: people, occurrences, tasks, answers, events, messages owed.

Everything here is frozen. Persons are named by their key (an alias, see the glossary); only the store knows
the opaque ids behind it. Instants are aware and in UTC, ranges of days are half-open.
"""

from cadence.core.model.answers import (
    NOTHING,
    REASON_CODES,
    Answer,
    Choice,
    Decision,
    DecisionKind,
    Event,
    EventType,
    Reason,
    Source,
    Verb,
)
from cadence.core.model.bundles import Bundle
from cadence.core.model.days import Days, utc
from cadence.core.model.deliveries import (
    Closed,
    Delivery,
    DeliveryState,
    Entry,
    Hold,
    MessageKind,
    Notice,
    Outcome,
    Permanent,
    Rung,
    Section,
    Sent,
    Temporary,
    Unknown,
)
from cadence.core.model.occurrences import (
    OCCURRENCE_FIELDS,
    DateState,
    Mode,
    Occurrence,
    Terms,
    Weight,
    WhenAbsent,
)
from cadence.core.model.people import WORKWEEK, Briefs, ByHand, Person, Preference
from cadence.core.model.problems import Place, Problem, Severity
from cadence.core.model.tasks import Moved, State, Task

__all__ = [
    "NOTHING",
    "OCCURRENCE_FIELDS",
    "REASON_CODES",
    "WORKWEEK",
    "Answer",
    "Briefs",
    "Bundle",
    "ByHand",
    "Choice",
    "Closed",
    "DateState",
    "Days",
    "Decision",
    "DecisionKind",
    "Delivery",
    "DeliveryState",
    "Entry",
    "Event",
    "EventType",
    "Hold",
    "MessageKind",
    "Mode",
    "Moved",
    "Notice",
    "Occurrence",
    "Outcome",
    "Permanent",
    "Person",
    "Place",
    "Preference",
    "Problem",
    "Reason",
    "Rung",
    "Section",
    "Sent",
    "Severity",
    "Source",
    "State",
    "Task",
    "Temporary",
    "Terms",
    "Unknown",
    "Verb",
    "Weight",
    "WhenAbsent",
    "utc",
]
