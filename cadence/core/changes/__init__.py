"""Schedule x stored tasks -> a change set and its dangers; and what carrying it out leaves.

`contents` gives every occurrence a short word, so that `comparing` reads only the tasks that differ; `holding` says
who holds what under the old plan and the new, `causes` why a task would change, `succeeding` who seems to have
followed whom; `applying` carries the change set out
on values; `telling` counts what each person will be told.
"""

from cadence.core.changes.applying import Applied, applied
from cadence.core.changes.causes import Cause, Reading, Word, cause
from cadence.core.changes.comparing import (
    Amendment,
    ChangeSet,
    Danger,
    Standing,
    changes,
    differences,
    standing,
    to_read,
)
from cadence.core.changes.contents import content, contents
from cadence.core.changes.holding import Holders, changed_seats, holder, holders
from cadence.core.changes.succeeding import succeeded, vanished
from cadence.core.changes.telling import Told, told

__all__ = [
    "Amendment",
    "Applied",
    "Cause",
    "ChangeSet",
    "Danger",
    "Holders",
    "Reading",
    "Standing",
    "Told",
    "Word",
    "applied",
    "cause",
    "changed_seats",
    "changes",
    "content",
    "contents",
    "differences",
    "holder",
    "holders",
    "standing",
    "succeeded",
    "to_read",
    "told",
    "vanished",
]
