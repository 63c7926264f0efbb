"""The indicators of a plan: their amounts in one unit, and a target on the better side of the baseline."""

from __future__ import annotations

from cadence.core.planfile.references import OWNERS, Names
from cadence.core.planfile.schema import Metric
from cadence.core.planfile.written import MetricText, PlanText


def metrics(text: PlanText, names: Names) -> tuple[Metric, ...]:
    """All metrics, ordered by key."""
    return tuple(_metric(key, metric, names) for key, metric in sorted(text.metrics.items()))


def _metric(key: str, text: MetricText, names: Names) -> Metric:
    path = f"metrics.{key}"
    owner = names.seat(text.owner, f"{path}.owner", OWNERS) if text.owner else None
    _one_unit(text, path, names)
    baseline = text.baseline.amount if text.baseline else None
    target = text.target.amount if text.target else None
    if baseline is not None and target is not None:
        worse = target >= baseline if text.better == "lower" else target <= baseline
        if worse:
            message = (
                f"{text.better} is better, and the target {text.target} is no way from the baseline {text.baseline}"
            )
            remedy = f"write `better: {'higher' if text.better == 'lower' else 'lower'}`, or correct one of the two"
            names.warn("P218", f"{path}.target", message, remedy)
    return Metric(
        key=key,
        title=text.title,
        unit=text.counted_in,
        baseline=baseline,
        target=target,
        per=text.per,
        better=text.better,
        owner=owner,
        every=text.every,
    )


def _one_unit(text: MetricText, path: str, names: Names) -> None:
    for word in ("baseline", "target"):
        amount = getattr(text, word)
        if amount and amount.unit and amount.unit != text.counted_in:
            message = f"`{amount}` is not in {text.counted_in}, as the others are"
            names.wrong("P203", f"{path}.{word}", message, "write all amounts of a metric in one unit")
