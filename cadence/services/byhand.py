"""What is said of people by hand: who replaces whom, who leaves, how somebody wants to hear.

The first two are part of every plan's bundle that the person stands in, and applied as a load: shown, agreed to, and
carried over by later loads until the files say the same. A preference is the person's own and no plan's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cadence.core.model import Briefs, ByHand, Person, Preference
from cadence.errors import Refused, WrongUsage
from cadence.services.installation import directories
from cadence.store import StoredPlan, Work

Plans = tuple[tuple[StoredPlan, tuple[ByHand, ...]], ...]
"""The plans in force that something is said in, and all that is then said in each."""


def replaced(work: Work, old: str, new: str, since: date | None) -> Plans:
    """`new` holds the seats of `old` from `since` on; None takes that back. Raises Refused where it cannot be."""
    if old == new:
        raise WrongUsage("nobody replaces themselves; name two people")
    plans = _standing(work, old)
    for stored in plans:
        if new not in directories(work)[stored.plan].persons:
            raise Refused(f"{new} is not in plan {stored.plan}, where {old} is; add them to its files and load it")
    if since is None and not any(one.replaces == old for one in _said(plans, new)):
        raise Refused(f"nobody said by hand that {new} replaces {old}, so there is nothing to take back")
    found = ((stored, _one(stored, new)) for stored in plans)
    return tuple(
        (stored, _with(stored, replace(said, replaces=old if since else None, since=since))) for stored, said in found
    )


def ended(work: Work, key: str, last: date | None) -> Plans:
    """`key` is here until `last`; None takes that back. Raises Refused where it cannot be."""
    plans = _standing(work, key)
    if last is None and not any(one.left for one in _said(plans, key)):
        raise Refused(f"nobody said by hand that {key} leaves, so there is nothing to take back")
    return tuple((stored, _with(stored, replace(_one(stored, key), left=last))) for stored in plans)


def _standing(work: Work, key: str) -> tuple[StoredPlan, ...]:
    known = directories(work)
    found = tuple(one for one in work.plans.current() if one.plan in known and key in known[one.plan].persons)
    if not found:
        raise Refused(f"{key} stands in no plan in force, so nothing would change")
    return found


def _said(plans: Sequence[StoredPlan], key: str) -> list[ByHand]:
    return [_one(stored, key) for stored in plans]


def _one(stored: StoredPlan, key: str) -> ByHand:
    """What the plan has been told of a person so far."""
    return next((one for one in stored.bundle.by_hand if one.person == key), ByHand(key))


def _with(stored: StoredPlan, said: ByHand) -> tuple[ByHand, ...]:
    others = tuple(one for one in stored.bundle.by_hand if one.person != said.person)
    return (*others, said) if said.left or said.replaces else others


def preferred(work: Work, key: str, wish: Preference, *, reset: bool = False) -> Person:
    """What `wish` names holds from now on, the rest as it was, after a `reset` as files say; the person as they are
    then. Raises NothingToActOn for somebody unknown."""
    before = Preference() if reset else work.people.preference(key)
    said = Preference(
        channel=wish.channel or before.channel,
        brief=wish.brief or before.brief,
        briefs=wish.briefs or before.briefs,
    )
    work.people.prefer(key, said)
    return work.people.all()[key]


def briefs_named(word: str) -> Briefs:
    """Raises WrongUsage for a word that is none."""
    if word not in {*Briefs}:
        raise WrongUsage(f"'{word}' is not how often briefs go; write one of {', '.join(Briefs)}")
    return Briefs(word)
