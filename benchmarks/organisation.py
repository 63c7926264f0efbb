"""A sales organisation of any size, made up by number: teams, reps, two waves, four countries, some of them away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cadence.core.directory import Directory, directory
from cadence.core.model import Bundle, Days
from cadence.core.planfile import Plan, parse

REPS = 7
"""A team has a manager and so many reps."""
ROLLOUT = date(2027, 1, 11)
PLACES = ("Boston", "Denver", "Hamburg", "Cairo")
HOLIDAYS: Mapping[str, frozenset[date]] = {
    "US": frozenset({date(2027, 1, 18), date(2027, 2, 15), date(2027, 5, 31), date(2027, 7, 5)}),
    "DE": frozenset({date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)}),
    "EG": frozenset({date(2027, 1, 25), date(2027, 4, 25), date(2027, 5, 3), date(2027, 6, 30)}),
}

PLAN = """
plan: benchmark
title: What the shipped plan asks, with a daily stand-up and what reps owe themselves
rollout: 2027-01-11
ends: week 26
timezone: America/New_York
calendar: {country: US}
milestones: {v2: week 24}
phases: {activation: weeks 1-4}
quiet: [{from: 2027-03-25, until: 2027-03-31, only: [light]}]
waves:
  first: {rollout: 2027-01-11, only: {region: [East, Nord]}}
  second: {rollout: 2027-01-25, only: {region: [West, Gulf]}}
people:
  file: people.csv
  email: "{first}.{last}@example.com"
  columns: {id: id, name: name, manager: manager, region: region, place: place}
  places:
    Boston: {timezone: America/New_York, country: US}
    Denver: {timezone: America/Denver, country: US}
    Hamburg: {timezone: Europe/Berlin, country: DE}
    Cairo: {timezone: Africa/Cairo, country: EG, workdays: sun-thu}
  list:
    dana: {name: Dana Ruiz, email: dana@example.com}
    priya: {name: Priya Shah, email: priya@example.com}
    kim: {name: Kim Lee, email: kim@example.com}
roles: {vp: dana, sponsor: priya, enablement: kim}
activities:
  field-rides: {kind: field_ride, on: [tue, wed, thu], lasts: 4h}
  one-on-ones: {kind: one_on_one, every: week, lasts: 30 min}
  campaign-reviews: {kind: campaign_review, on: mon, at: "09:00"}
  stand-ups: {kind: team_meeting, every: workday, at: "08:45", lasts: 10 min, during: activation}
  quick-wins: {kind: quick_win, owner: rep, every: 2 weeks, on: thu}
  pulse: {kind: pulse, owner: rep, every: 2 weeks, on: fri}
  debriefs: {kind: manager_debrief, on: fri, at: "15:00"}
  messages: {kind: communication}
"""


@dataclass(frozen=True)
class Organisation:
    plan: Plan
    directory: Directory


def organisation(teams: int) -> Organisation:
    """So many teams, read as the program reads them. Every fifth person is away for a week."""
    files = (("plan.yaml", PLAN), ("people.csv", people(teams)))
    plan, problems = parse(Bundle(plan="plan.yaml", files=files, holidays=(), hash=""))
    if plan is None:
        raise SystemExit("\n".join(map(str, problems)))
    keys = sorted(row.key for row in plan.people.rows)
    found, _ = directory(plan, HOLIDAYS, absences={f"{key}": _week_off(n) for n, key in enumerate(keys) if n % 5 == 0})
    return Organisation(plan, found)


def people(teams: int) -> str:
    regions = dict(zip(PLACES, ("East", "West", "Nord", "Gulf"), strict=True))
    lines = ["id,name,manager,region,place"]
    for team in range(teams):
        place = PLACES[team % len(PLACES)]
        lines.append(f"m{team},Manager {letters(team)},,{regions[place]},{place}")
        lines += [f"r{team}-{n},Rep {letters(team)}{n},m{team},{regions[place]},{place}" for n in range(REPS)]
    return "\n".join(lines) + "\n"


def letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:05}").capitalize()


def _week_off(number: int) -> tuple[Days, ...]:
    start = ROLLOUT + timedelta(weeks=number % 23)
    return (Days(start, start + timedelta(days=5)),)
