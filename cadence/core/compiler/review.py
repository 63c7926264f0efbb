"""What a reader of the whole plan would ask: who answers, what collides, how much is it, and will it hold?"""

from __future__ import annotations

from collections.abc import Iterator

from cadence.core.compiler.answering import who_answers
from cadence.core.compiler.attention import attention
from cadence.core.compiler.collisions import at_set_times
from cadence.core.compiler.essentials import essentials
from cadence.core.compiler.findings import Finding
from cadence.core.compiler.reviewed import Reviewed

__all__ = ["Reviewed", "review"]


def review(reviewed: Reviewed) -> Iterator[Finding]:
    """All findings about the plan as a whole, in no order."""
    yield from who_answers(reviewed)
    yield from at_set_times(reviewed)
    yield from attention(reviewed)
    yield from essentials(reviewed)
