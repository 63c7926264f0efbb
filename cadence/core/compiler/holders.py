"""Who holds each seat over a whole plan, looked up once a seat: a schedule asks for the same few again and again."""

from __future__ import annotations

from datetime import date

from cadence.core.directory import Directory
from cadence.core.model import Days

ALWAYS = Days(date.min, date.max)

Tenures = tuple[tuple[Days, str | None], ...]


class Holders:
    """The directory's answer to `holder`, remembered. A turn changes hands with absences and is always asked anew."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._tenures: dict[str, Tenures] = {}

    def on(self, seat: str, day: date) -> str | None:
        if seat.startswith("turn/"):
            return self.directory.holder(seat, day)
        tenures = self.tenures(seat)
        if len(tenures) == 1:
            return tenures[0][1]
        return next(holder for span, holder in tenures if day in span)

    def always(self, seat: str) -> str | None:
        """Who holds `seat` from the first day to the last; None where that is not one and the same person."""
        if seat.startswith("turn/"):
            return None
        tenures = self.tenures(seat)
        return tenures[0][1] if len(tenures) == 1 else None

    def tenures(self, seat: str) -> Tenures:
        """Who holds `seat`, from the first day to the last, in order and without gaps: `ALWAYS` itself where nothing
        changes. Never asked of a turn."""
        if seat not in self._tenures:
            found = self.directory.holders(seat, ALWAYS)
            self._tenures[seat] = found if len(found) > 1 else ((ALWAYS, found[0][1]),)
        return self._tenures[seat]

    def within(self, seat: str, span: Days) -> Tenures:
        """The same within `span`; what is empty is left out."""
        tenures = self.tenures(seat)
        if span is ALWAYS:
            return tenures
        cut = ((days.meet(span), holder) for days, holder in tenures)
        return tuple((days, holder) for days, holder in cut if days.start < days.stop)
