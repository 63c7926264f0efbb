"""The form of an activity: what is asked when a task is done, what is wrong with an answer, what becomes of a good one.

Answers come as words from every surface, one a field, and are kept as words in one spelling: `yes`, `4`, `2027-03-01`,
a person's key, several choices on a line each. A field that is asked for each attendee is named with them:
`engaged[moses-frase]`. Nobody is blocked by a form: an answer that is wrong is refused, one that is missing is only
said, and can be added later.
"""

from cadence.core.forms.asked import CHANGE, Question, SeenBy, form, label
from cadence.core.forms.checking import Checked, Mistake, check
from cadence.core.forms.recall import Carried, Collected, carried, carries, collected, given, may_see, readable, typed

__all__ = [
    "CHANGE",
    "Carried",
    "Checked",
    "Collected",
    "Mistake",
    "Question",
    "SeenBy",
    "carried",
    "carries",
    "check",
    "collected",
    "form",
    "given",
    "label",
    "may_see",
    "readable",
    "typed",
]
