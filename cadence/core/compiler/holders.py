"""Who holds each seat over a whole plan, looked up once a seat: a schedule asks for the same few again and again."""

from __future__ import annotations

from datetime import date

from cadence.core.directory import Directory
from cadence.core.model import Days

ALWAYS = Days(date.min, date.max)


class Holders:
    """The directory's answer to `holder`, remembered. A turn changes hands with absences and is always asked anew."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._tenures: dict[str, tuple[tuple[Days, str | None], ...]] = {}

    def on(self, seat: str, day: date) -> str | None:
        tenures = self._tenures.get(seat)
        if tenures is None:
            if seat.startswith("turn/"):
                return self.directory.holder(seat, day)
            tenures = self._tenures[seat] = self.directory.holders(seat, ALWAYS)
        if len(tenures) == 1:
            return tenures[0][1]
        return next(holder for span, holder in tenures if day in span)
