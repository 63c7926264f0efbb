"""The one table of codes for mistakes and findings in plans: what each means, for ever, and what to do about it.

P1xx is about the text, P2xx about the words of a plan and what they refer to, P3xx are the compiler's findings.
A code never changes its meaning; one that is no longer used stays in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Code:
    """A title in a few words and what `cadence explain` says under it."""

    title: str
    explanation: str


_CODES = {
    "P100": Code("The file is missing", "The plan names a file that is not there or cannot be read as text."),
    "P101": Code("Too large", "A text may have 1 MiB, 50 levels and 200,000 parts once its anchors are written out."),
    "P102": Code(
        "Not readable as YAML",
        "The text breaks a rule of YAML at this place. Most often a line is indented otherwise than its neighbours,"
        " or a quote, bracket or brace is opened and never closed.",
    ),
    "P103": Code("A tab", "YAML indents with spaces only. Replace the tab by two spaces."),
    "P104": Code(
        "A wrong indent",
        "Lines of one level begin in the same column. Move the line so that it stands exactly under its siblings.",
    ),
    "P105": Code(
        "An unquoted colon",
        "A colon followed by a blank separates a key from its value. Where it is part of a text, quote the text.",
    ),
    "P106": Code(
        "An unquoted number sign",
        "A # after a blank begins a comment and everything behind it is lost. Quote a text that holds one.",
    ),
    "P107": Code(
        "An unquoted comma in braces",
        "Inside { } a comma begins the next key. Quote a text that holds a comma, or write it on lines of its own.",
    ),
    "P108": Code("A curly quote", 'Word processors turn " into curly quotes, which YAML takes for text.'),
    "P109": Code(
        "A no-break space",
        "It looks like a blank and is none; YAML takes it for text. It comes with text pasted from Word or the web.",
    ),
    "P110": Code("A key given twice", "Only one of the two could count. Merge them, or give one of them its own name."),
    "P111": Code(
        "Not plain YAML", "Plans use maps, lists and texts; no tags, no second document, no keys of many parts."
    ),
    "P112": Code("Nothing written", "A key without a value says nothing. Write the value, or take the key away."),
    "P113": Code(
        "An unknown anchor",
        "*name repeats what an earlier &name marked. No such mark stands above, or it is inside itself.",
    ),
    "P114": Code(
        "The people file is not readable", "The people file is a table: a line of column names, then a line a person."
    ),
    "P190": Code(
        "Kept, not acted on",
        "This word belongs to the plan language and is kept with the plan, but this version does nothing with it yet.",
    ),
    "P201": Code("An unknown word", "This key is not a word of the plan language at this place."),
    "P202": Code("A missing word", "Something without which the plan cannot be read is not there."),
    "P203": Code("A wrong value", "The value does not have a form that this word takes."),
    "P204": Code(
        "An unknown name",
        "The owner, attendee, role, keeper or backup named here is no role, person or group of the plan."
        " Groups are manager, rep, team, managers, reps, each rep and each manager; persons are named by their keys.",
    ),
    "P205": Code("An unknown date", "The date refers to a milestone or phase that the plan does not define."),
    "P206": Code(
        "An unknown kind", "Every activity has a kind out of a fixed table; `custom` is for whatever has no kind."
    ),
    "P207": Code("Two rhythms in one", "Words that exclude each other stand in one activity."),
    "P208": Code("An unknown column", "The people file has no column of that name."),
    "P209": Code(
        "Two people of one name",
        "A name tells nobody apart. Give both rows an id or an e-mail of their own.",
    ),
    "P210": Code("An unknown parent", "`extends` names a plan that is neither shipped nor a file beside this one."),
    "P211": Code("A circle", "Things that refer to each other in a circle have no beginning."),
    "P212": Code("An unknown calendar", "The time zone, country or weekday is not one that the world knows."),
    "P213": Code("The end before the start", "A span ends before it begins."),
    "P214": Code("Two people of one identity", "Two rows have the same id or the same e-mail: they are one person."),
    "P215": Code("A filter for nobody", "No person of the plan has the region or tag that this filter asks for."),
    "P301": Code("Over-load", "Somebody has more hours in a week than the work leaves room for."),
    "P302": Code("Two on one day", "Somebody has two of what should be one a day, because no other day was left."),
    "P303": Code("A day somebody is away", "No day in the window suits everybody; it was put on the least bad one."),
    "P304": Code("Outside of somebody's hours", "The day or hour is no working time of somebody who takes part."),
    "P305": Code("Nobody it is for", "The activity has no series: no person or team fits its owner and its filters."),
    "P306": Code("It never happens", "No day between the first and the last of the activity lies inside the plan."),
    "P307": Code("More than a plan may hold", "The plan makes more tasks, or reaches further, than the limit allows."),
    "P308": Code("Off its days", "On none of the days that `on:` names the two can meet; the task stands on another."),
    "P310": Code("A seat nobody holds", "Something is owed by a role, team or person that nobody stands for."),
    "P311": Code("No backup", "Key work rests on one person, and nobody is named for when they are away."),
    "P312": Code("No way to be reached", "The person has neither an e-mail address nor a channel."),
    "P313": Code("No line above", "Nobody stands above this person, so that nothing can be decided when they do not."),
    "P314": Code("An assessor with a stake", "Who assesses a rollout should neither own nor sponsor any part of it."),
    "P315": Code("A slow start", "Nothing happens in the first 14 days, when a rollout is forgotten the fastest."),
    "P316": Code("No date for version 2", "People give better feedback when they know by when it is built in."),
    "P317": Code("No passive gate", "All reinforcement is meetings; nothing in the daily systems asks for it."),
}

CODES: Mapping[str, Code] = MappingProxyType(_CODES)
