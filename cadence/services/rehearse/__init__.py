"""Rehearses a plan: the whole program on a fake clock, with people who answer and nothing that leaves the house.

`sinks` stand where Slack and SMTP would be, `actors` press the buttons, `running` turns the clock, `writing` leaves
in a folder what everybody would have seen. Same plan, same seed: same bytes.
"""

from cadence.services.rehearse.actors import Manners
from cadence.services.rehearse.running import Rehearsal, rehearse
from cadence.services.rehearse.sinks import Recorded
from cadence.services.rehearse.writing import write

__all__ = ["Manners", "Recorded", "Rehearsal", "rehearse", "write"]
