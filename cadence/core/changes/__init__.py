"""Schedule x stored tasks -> a change set and its dangers; and what carrying it out leaves.

`contents` gives every occurrence a short word and `surveying` every series a digest, so that only the tasks that differ
are read; `comparing` compares them; `holding` says who holds what under the old plan and the new, `causes` why a task
would change, `succeeding` who seems to have followed whom; `applying` carries the change set out on values; `telling`
counts what each person will be told.
"""

from cadence.core.changes.applying import Added, Applied, applied
from cadence.core.changes.causes import Cause, Reading, Word, cause
from cadence.core.changes.comparing import (
    Amendment,
    ChangeSet,
    Danger,
    changes,
    differences,
)
from cadence.core.changes.contents import content, contents
from cadence.core.changes.holding import Holders, changed_seats, holder, holders
from cadence.core.changes.succeeding import succeeded, vanished
from cadence.core.changes.surveying import (
    NEVER,
    Imprint,
    Quiet,
    Series,
    Standing,
    Survey,
    Wording,
    standing,
    survey,
    wording,
)
from cadence.core.changes.telling import Told, told

__all__ = [
    "NEVER",
    "Added",
    "Amendment",
    "Applied",
    "Cause",
    "ChangeSet",
    "Danger",
    "Holders",
    "Imprint",
    "Quiet",
    "Reading",
    "Series",
    "Standing",
    "Survey",
    "Told",
    "Word",
    "Wording",
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
    "survey",
    "told",
    "vanished",
    "wording",
]
