"""A pause of the garbage collector while very many values are built that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Runs the block without the collector, which would walk through every value built so far again and again, to
    find nothing: frozen values point at older ones only, so no circle is left behind.

    Memory is still given back by counting references. Whoever comes second, in another thread or deeper inside, leaves
    the switch to the first."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
