"""What is due: tasks x notices x now -> rungs, decisions to ask, tasks to settle, briefs to send.

`situation` is all that is looked at, `ladder` says which rung a task stands on, `settling` which tasks end by
themselves, `asking` which decisions are put to whom, `briefing` what goes into whose brief. None of them does
anything: the beat does.
"""

from cadence.core.agenda.asking import decisions_to_ask, pending, urgent
from cadence.core.agenda.briefing import Brief, briefs
from cadence.core.agenda.composing import candidate, message, still_owed
from cadence.core.agenda.ladder import Standing, is_rare, standings
from cadence.core.agenda.settling import settled
from cadence.core.agenda.situation import Seat, Situation

__all__ = [
    "Brief",
    "Seat",
    "Situation",
    "Standing",
    "briefs",
    "candidate",
    "decisions_to_ask",
    "is_rare",
    "message",
    "pending",
    "settled",
    "standings",
    "still_owed",
    "urgent",
]
