"""Persons and their absences: whom the installation knows, under which key, and when they are away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from cadence.core.model import Days, Person, Preference
from cadence.store.dialect import add_all, add_new
from cadence.store.keys import Keys
from cadence.store.mapping import person_of, person_row, preference_of, preference_row
from cadence.store.schema import ABSENCES, PERSONS

FROM_PLAN = "plan/"


class People:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    def all(self) -> dict[str, Person]:
        """Everyone by key, in the order of keys, as they prefer, with every absence whoever stated it."""
        away = self._away()
        rows = self._connection.execute(select(PERSONS).order_by(PERSONS.c.key)).mappings()
        return {row["key"]: preferred(person_of(row, away.get(row["key"], ())), preference_of(row)) for row in rows}

    def aliases(self) -> dict[str, str]:
        """From identity to key."""
        rows = self._connection.execute(select(PERSONS.c.identity, PERSONS.c.key))
        return {row.identity: row.key for row in rows}

    def save(self, persons: Iterable[Person]) -> None:
        """Adds or overwrites by identity what files say; absences and preferences are left alone, and so is everyone
        not named."""
        wanted = {person.identity: person for person in persons}
        known = {row["identity"]: row for row in self._connection.execute(select(PERSONS)).mappings()}
        self._free_keys(wanted, {identity: row["id"] for identity, row in known.items()})
        rows = {identity: person_row(person) for identity, person in wanted.items()}
        for identity, values in rows.items():
            stored = known.get(identity)
            if stored is not None and any(stored[name] != value for name, value in values.items()):
                self._connection.execute(update(PERSONS).where(PERSONS.c.id == stored["id"]).values(**values))
        add_all(self._connection, PERSONS, [values for identity, values in rows.items() if identity not in known])
        self._keys.reload()

    def preference(self, key: str) -> Preference:
        """What the person has said to prefer themselves."""
        own = select(PERSONS).where(PERSONS.c.id == self._keys.id_of(key))
        return preference_of(self._connection.execute(own).mappings().one())

    def as_they_prefer(self, persons: Mapping[str, Person]) -> dict[str, Person]:
        """The same persons, each as they prefer to hear; whom nobody knows yet as they are."""
        said = or_(PERSONS.c.own_channel.is_not(None), PERSONS.c.own_brief.is_not(None), PERSONS.c.briefs.is_not(None))
        wishes = {
            row["key"]: preference_of(row) for row in self._connection.execute(select(PERSONS).where(said)).mappings()
        }
        return {key: preferred(one, wishes[key]) if key in wishes else one for key, one in persons.items()}

    def prefer(self, key: str, wish: Preference) -> None:
        """From now on this holds, whatever files say, and nothing that was said before."""
        own = PERSONS.c.id == self._keys.id_of(key)
        self._connection.execute(update(PERSONS).where(own).values(**preference_row(wish)))

    def set_away(self, key: str, days: Days, source: str) -> None:
        """Adds an absence; stating it again changes nothing."""
        self._add_absence(key, days, source)

    def clear_away(self, key: str, source: str | None = None) -> int:
        """Takes back the absences from one source, or from every source but the plans; how many there were."""
        which = _not_from_a_plan() if source is None else ABSENCES.c.source == source
        person = ABSENCES.c.person_id == self._keys.id_of(key)
        return self._connection.execute(delete(ABSENCES).where(person, which)).rowcount

    def absences(self) -> dict[str, tuple[Days, ...]]:
        """By key, only those that no plan states; persons without any are left out."""
        return self._away(_not_from_a_plan())

    def replace_plan_absences(self, plan: str, absences: Mapping[str, Iterable[Days]]) -> None:
        """A plan's own list, whole: what it no longer states is gone."""
        source = FROM_PLAN + plan
        self._connection.execute(delete(ABSENCES).where(ABSENCES.c.source == source))
        for key, spans in absences.items():
            for days in spans:
                self._add_absence(key, days, source)

    def _free_keys(self, wanted: Mapping[str, Person], known: Mapping[str, int]) -> None:
        """Two persons may trade keys in one save: those about to change are set aside first."""
        keys = self.aliases()
        for identity, number in known.items():
            if identity in wanted and wanted[identity].key != keys[identity]:
                self._connection.execute(update(PERSONS).where(PERSONS.c.id == number).values(key=f"~{number}"))

    def _add_absence(self, key: str, days: Days, source: str) -> None:
        values = {"person_id": self._keys.id_of(key), "source": source, "start": days.start, "stop": days.stop}
        add_new(self._connection, ABSENCES, values)

    def _away(self, *conditions: ColumnElement[bool]) -> dict[str, tuple[Days, ...]]:
        wanted = select(ABSENCES.c.person_id, ABSENCES.c.start, ABSENCES.c.stop).where(*conditions)
        spans: dict[str, set[Days]] = defaultdict(set)
        for person_id, start, stop in self._connection.execute(wanted):
            spans[self._keys.key_of(person_id)].add(Days(start, stop))
        return {key: tuple(sorted(days)) for key, days in sorted(spans.items())}


def preferred(person: Person, wish: Preference) -> Person:
    """The person as they prefer to hear."""
    said = {name: value for name, value in asdict(wish).items() if value is not None}
    return replace(person, **said) if said else person


def _not_from_a_plan() -> ColumnElement[bool]:
    return ~ABSENCES.c.source.startswith(FROM_PLAN, autoescape=True)
