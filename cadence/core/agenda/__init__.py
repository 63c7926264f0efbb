"""What is due: tasks x notices x now -> rungs, decisions to ask, tasks to settle, briefs to send.

`situation` is all that is looked at, `ladder` says which rung a task stands on, `own` what an activity says in place
of its weight, `settling` which tasks end by themselves, `horizon` how long nothing does. `asking` is which questions
are put to whom, `patterns` those about a series that slips, `waiting` what becomes of them. `briefing` is what goes
into whose brief, `alerting` what goes beside it, `welcoming`, `news` and `keeping` what is said of the program, of
loads and of exceptions, `composing` and `task_lines` what each line says. None of them does anything: the beat does.
"""

from cadence.core.agenda.asking import decisions_to_ask
from cadence.core.agenda.briefing import Brief, briefs
from cadence.core.agenda.composing import candidate, message, still_owed
from cadence.core.agenda.horizon import next_change
from cadence.core.agenda.ladder import Standing, is_rare, standings
from cadence.core.agenda.news import AT_SHORT_NOTICE, OF_A_LOAD
from cadence.core.agenda.own import longest_lead, pinged_at
from cadence.core.agenda.settling import settled
from cadence.core.agenda.situation import Memo, Seat, Situation
from cadence.core.agenda.waiting import pending, urgent

__all__ = [
    "AT_SHORT_NOTICE",
    "OF_A_LOAD",
    "Brief",
    "Memo",
    "Seat",
    "Situation",
    "Standing",
    "briefs",
    "candidate",
    "decisions_to_ask",
    "is_rare",
    "longest_lead",
    "message",
    "next_change",
    "pending",
    "pinged_at",
    "settled",
    "standings",
    "still_owed",
    "urgent",
]
