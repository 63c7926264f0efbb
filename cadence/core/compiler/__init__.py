"""Plan x dates x directory -> a schedule and findings. Pure: same input, same bytes, whatever the order in files.

The road of one compile: `series` fans activities out over people and waves, `dating` turns slots into days and
instants, `placing` finds a day for what may move, `scheduling` puts the tasks of both together; `load` counts what each
person is asked, `review` reads the whole as a person would. `identity` names a task by what it is about and its slot.

A schedule may hold a million tasks, so everything is settled as far up as it can be, and a task is nine values put side
by side (`tenure`). A slot's day, window and instants are worked out once for an activity, a wave and a calendar, in a
`Table` that all series share; the days on which two can meet once for a table and two calendars (`meeting`); the title,
the terms and the beginning of the id once for a series (`titles`, `making`); who takes part once for each stretch in
which nobody comes or goes (`company`). Placing counts places for a whole group of wishes, not for each, and searches
for room only where two rides clash. Order is found by sorting days and instants, of which there are few. What is about
all tasks of a series (load, findings) asks their run and its days (`runs`), and leaves the tasks alone.
"""

from cadence.core.compiler.compilation import Compilation, compile_plan
from cadence.core.compiler.identity import task_id
from cadence.core.compiler.load import Load

__all__ = ["Compilation", "Load", "compile_plan", "task_id"]
