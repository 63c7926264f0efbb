"""Plan x dates x directory -> a schedule and findings. Pure: same input, same bytes, whatever the order in files.

The road of one compile: `series` fans activities out over people, `dating` turns slots into days and instants
once per calendar, `placing` finds a day for what may move, `scheduling` makes the occurrences of both;
`load` counts what each person is asked, `review` reads the whole as a person would. `identity` names a task by
what it is about and its slot alone.
"""

from cadence.core.compiler.compilation import Compilation, compile_plan
from cadence.core.compiler.identity import task_id
from cadence.core.compiler.load import Load

__all__ = ["Compilation", "Load", "compile_plan", "task_id"]
