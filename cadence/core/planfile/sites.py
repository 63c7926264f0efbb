"""Drafts to rows: what somebody does not say, the place where they work says for them."""

from __future__ import annotations

from datetime import date

from cadence.core.model import Problem, Severity
from cadence.core.planfile.drafts import Draft
from cadence.core.planfile.nodes import Map
from cadence.core.planfile.schema import PersonRow
from cadence.core.planfile.traps import error
from cadence.core.planfile.written import PeopleText, PlaceText
from cadence.core.triggers.words import did_you_mean

NOWHERE = PlaceText()
AS_SAID = ("id", "manager", "team", "region", "channel", "brief", "reports_to", "started", "replaces", "since")
"""What a row holds as it is said."""


class Sites:
    """Everybody's row, by the places and the pattern of addresses of one plan. What is odd goes into `problems`."""

    def __init__(self, text: PeopleText, root: Map, problems: list[Problem]) -> None:
        self._sites = {name.casefold(): site for name, site in text.places.items()}
        self._names, self._pattern = tuple(text.places), text.email
        self._root, self._problems, self._unknown = root, problems, set[str]()

    def row(self, draft: Draft) -> PersonRow:
        said, site = draft.said, self._site(draft)
        hours = said.hours or site.hours
        email = draft.address(self._pattern)
        if email is None and said.channel is None and self._pattern and draft.source != "list":
            remedy = "give the row an e-mail of its own"
            message = f"the pattern makes no address of `{draft.name[:60]}`"
            self._problems.append(error("P242", draft.place, message, remedy))
        return PersonRow(
            **{word: getattr(said, word) for word in AS_SAID},
            key=draft.key,
            name=draft.name,
            source=draft.source,
            place=draft.place,
            email=email,
            site=said.place,
            language=said.language or site.language,
            timezone=said.timezone or site.timezone,
            country=said.country or site.country,
            subdivision=said.subdivision or (site.subdivision if not said.country else None),
            workdays=said.workdays if said.workdays is not None else site.workdays,
            opens=hours[0] if hours else None,
            closes=hours[1] if hours else None,
            left=self._left(draft),
            tags=said.tags or frozenset(),
            external=bool(said.external),
        )

    def _site(self, draft: Draft) -> PlaceText:
        """What is said of the place where somebody works; once for each place of which nothing is said."""
        name = draft.said.place or ""
        site = self._sites.get(name.casefold())
        if site is None and name and self._sites and name.casefold() not in self._unknown and not draft.said.timezone:
            self._unknown.add(name.casefold())
            place, path = draft.stands("place", self._root)
            hint = did_you_mean(name[:60], self._names) or f"describe it: `places: {{{name[:60]}: {{timezone: ...}}}}`"
            message = f"nothing is said of the place `{name[:60]}`"
            self._problems.append(Problem("P243", Severity.WARNING, place, path, message, hint))
        return site or NOWHERE

    def _left(self, draft: Draft) -> date | None:
        """The last day; None for somebody who has come back since."""
        said = draft.said
        if said.left is None or said.started is None or said.left >= said.started:
            return said.left
        place, path = draft.stands("left", self._root)
        message = f"{draft.name} left on {said.left} and started on {said.started}: taken for somebody who came back"
        remedy = "correct one of the two if that is not meant"
        self._problems.append(Problem("P245", Severity.NOTE, place, path, message, remedy))
        return None
