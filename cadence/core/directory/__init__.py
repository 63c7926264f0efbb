"""WHO: the people of a plan, the seats they hold over time, and who stands in or is asked.

A **seat** (`role/vp`, `manager/TEAM`, `rep/KEY`, `person/KEY`, `turn/managers/3`) is what a task hangs on; its
**holder** on a day is derived, never stored. `directory()` reads the plan's rows (`people`), finds who follows
whom (`succession`), who works for whom (`teams`) and who starts when (`waves`); the `Directory` (`seats`) then
answers for any day.
"""

from cadence.core.directory.assembling import directory
from cadence.core.directory.people import calendar_name, calendars_needed
from cadence.core.directory.seats import Directory, Holding
from cadence.core.directory.teams import Team
from cadence.core.directory.traits import Traits, matches, traits
from cadence.core.directory.waves import Waves, plain_seat

__all__ = [
    "Directory",
    "Holding",
    "Team",
    "Traits",
    "Waves",
    "calendar_name",
    "calendars_needed",
    "directory",
    "matches",
    "plain_seat",
    "traits",
]
