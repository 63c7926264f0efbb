"""Rehearses a plan: the whole program on a fake clock, with people who answer and nothing that leaves the house.

`whatif` is what is played through, `sinks` stand where Slack and SMTP would be, `actors` press the buttons, `running`
turns the clock, `totals` adds up. `writing` leaves in a folder what everybody would have seen, `page` the one page
about it, on which `picture` draws messages as Slack shows them. Same plan, same seed: same bytes.
"""

from cadence.services.rehearse.running import Rehearsal, rehearse
from cadence.services.rehearse.sinks import Recorded
from cadence.services.rehearse.totals import Breach, breaches, totals
from cadence.services.rehearse.whatif import Manners, WhatIf
from cadence.services.rehearse.writing import write

__all__ = ["Breach", "Manners", "Recorded", "Rehearsal", "WhatIf", "breaches", "rehearse", "totals", "write"]
