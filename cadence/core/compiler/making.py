"""Making: what the tasks of one series share, settled once: title, terms, the beginning of their ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cadence.core.compiler.identity import hashed
from cadence.core.compiler.placing import by_liking
from cadence.core.compiler.series import Series
from cadence.core.model import Terms
from cadence.core.planfile.schema import Plan


@dataclass(slots=True, eq=False)
class Make:
    """One series ready to be made into tasks. `titles` go round by topic; there is one without topics. `rank` is a hash
    of the series, `orders` what was asked of `order` before."""

    series: Series
    titles: tuple[str, ...]
    id_of: Callable[[str], str]
    rank: bytes
    orders: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)

    def order(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The indexes of a window's days, the dearest to this series first."""
        if shape not in self.orders:
            self.orders[shape] = by_liking(self.rank, shape)
        return self.orders[shape]

    def terms(self, plan: Plan, seat: str, zone: str) -> tuple[Terms, ...]:
        """What tasks of the seat in the zone have in common, one for each topic."""
        series, activity = self.series, self.series.activity
        return tuple(
            [
                Terms(
                    plan=plan.id,
                    activity=activity.key,
                    kind=activity.kind,
                    weight=activity.weight,
                    mode=activity.mode,
                    about=series.about,
                    seat=seat,
                    wave=series.wave,
                    language=plan.language,
                    title=title,
                    date_state=activity.date,
                    timezone=zone,
                    minutes=activity.minutes,
                    when_absent=activity.when_absent,
                )
                for title in self.titles
            ]
        )


def make(series: Series, plan: Plan, titles: tuple[str, ...]) -> Make:
    rank, id_of = hashed(plan.id, series.activity.identity, series.about)
    return Make(series, titles, id_of, rank)
