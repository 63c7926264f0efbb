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
    "P115": Code(
        "A long dash",
        "Word processors turn the hyphen before a list item into a dash, which YAML takes for text.",
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
    "P215": Code(
        "A filter for nobody",
        "No person of the plan has the region or tag that this filter asks for, or no row of the people file has the"
        " value that `where` asks for.",
    ),
    "P216": Code("An unknown metric", "`when` waits for a metric that the plan does not define under `metrics`."),
    "P217": Code(
        "Not to be accepted",
        "`accept` names the code of a finding and the reason why it may stand. A mistake cannot be accepted: the plan"
        " could not be read.",
    ),
    "P218": Code(
        "A target behind the baseline",
        "A target lies on the better side of the baseline. Where less is more, `better: lower` says so.",
    ),
    "P219": Code(
        "A long form",
        "People fill in a short form after a meeting, and leave a long one: two fields required, six shown are enough.",
    ),
    "P220": Code(
        "Two waves of one filter",
        "Whoever fits several waves belongs to the one that begins first, so the other has nobody.",
    ),
    "P221": Code("Quiet outside of the plan", "A quiet span that lies outside of the plan keeps nothing quiet."),
    "P240": Code(
        "A line that is no person",
        "The last line of the people file holds a word such as Total and figures. It is passed over as the sum of the"
        " others.",
    ),
    "P241": Code(
        "A name without a key",
        "Keys are written in the letters a to z. For a name in other letters the key is made of the person's own e-mail"
        " address, or is `person-ID`; without either there is nothing to call them by.",
    ),
    "P242": Code(
        "No address for a name",
        "The pattern `email:` needs a first and a last name in the letters a to z, or an id where it says {id}. Whoever"
        " has no such name needs an address of their own.",
    ),
    "P243": Code(
        "An unknown place",
        "Somebody works at a place that `places` does not describe: the plan's own zone and calendar count for them.",
    ),
    "P244": Code(
        "A date of two meanings",
        "In the people file dates may be 2027-03-01, 2027/3/1, 20270301, 1.3.2027, 1 March 2027 or 13/1/2027, also with"
        " a time behind them. 3/4/2027 is the third of April or the fourth of March: it is read only where another date"
        " of the file, such as 13/1/2027, shows which comes first.",
    ),
    "P245": Code(
        "Back again",
        "Somebody left before the day they started: they are taken for a person who came back, and are here from that"
        " day.",
    ),
    "P246": Code(
        "A manager almost of a name",
        "A manager who has no row is called almost like somebody of the people file. If the two are one person, the"
        " team goes to nobody until the name is corrected.",
    ),
    "P247": Code(
        "Taken for a rep",
        "A rep is somebody to whom nobody reports among the rows that `where` keeps. Somebody leads people in the"
        " company, and none of them is kept.",
    ),
    "P301": Code("Over-load", "Somebody has more hours or more meetings in a week than the work leaves room for."),
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
    "P318": Code(
        "A quiet span takes it",
        "A task of a rhythm falls into a quiet span and its period has no other working day: there is none that time."
        " What is dated once is moved out of the span and never lost.",
    ),
    "P320": Code(
        "In no wave",
        "The plan rolls out in waves, and none of them wants this rep: what is about them counts from the plan's own.",
    ),
    "P321": Code("A team in two waves", "The reps of one team start at different times: it counts in the earliest."),
    "P330": Code("Two meetings at once", "Somebody owes or attends two meetings of fixed times that overlap."),
    "P331": Code("At once with another plan", "A meeting overlaps with one that another loaded plan has for somebody."),
    "P332": Code(
        "Two plans disagree about a person",
        "Zone, hours, working week, country, subdivision, language, line above, channel and brief hour belong to the"
        " person, not to a plan."
        " Where two loaded plans differ, the one loaded last would hold for both.",
    ),
    "P333": Code("Over-load over all plans", "Each plan leaves somebody enough room; all loaded plans do not."),
    "P334": Code("No baseline", "Without a baseline and a target nobody can say later whether an indicator moved."),
    "P335": Code("No indicator", "The plan watches no metric: that people did things is all that can be shown."),
    "P336": Code(
        "Expectations by mail only",
        "What is expected is said in person or by video, where one can ask. A mail does not set an expectation.",
    ),
    "P337": Code(
        "Too many messages",
        "Beside the brief of the day only so many messages a week go through; what is beyond them waits for the brief.",
    ),
    "P338": Code("A review among ourselves", "Nobody from outside takes part in the 90-day review."),
    "P360": Code(
        "Moved by hand",
        "The milestone, or the rollout, stands on the day to which it was moved with `cadence milestone`, whatever the "
        "file says. `cadence milestone PLAN NAME --back` takes that back; so does a file that names the same day.",
    ),
    "P361": Code(
        "A move that is dropped",
        "A milestone was moved by hand and the plan no longer has it. The move is forgotten with this load.",
    ),
    "P362": Code(
        "Said of somebody by hand",
        "Somebody left, or holds somebody else's seats, because `cadence people end` or `cadence people replace` said"
        " so. It counts whatever the files say, until they say the same or `--back` takes it back.",
    ),
    "P339": Code("No keepers", "Nobody keeps the plan: exceptions, vacancies and what is undecided reach no one."),
    "P340": Code("A wave of nobody", "No rep belongs to the wave: its filter fits none, or all are in earlier ones."),
    "P341": Code("Every one is left out", "Whoever owes it is away on every date, and its kind is skipped then."),
    "P342": Code(
        "Beyond the holidays",
        "Holidays are looked up when a plan's file is read, from the year before the rollout to three years after it. A"
        " rollout or milestone that was moved by hand beyond that meets none.",
    ),
}

CODES: Mapping[str, Code] = MappingProxyType(dict(sorted(_CODES.items())))

_IN_THE_TEXT = frozenset(
    {"P106", "P190", "P215", "P218", "P219", "P220", "P221", "P240", "P243", "P245", "P246", "P247"}
)


def acceptable(code: str) -> bool:
    """Whether `accept` may name it: a finding of the text or of the compiler, and no mistake."""
    return code in _IN_THE_TEXT or (code in CODES and code[1] == "3" and code != "P307")
