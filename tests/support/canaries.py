"""Texts that mean something to whoever shows them: each output has to show them and do nothing of what they say.

Which output each is meant for does not matter: every canary goes into every field and comes out everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

CANARIES = (
    # Slack's markup
    "<!channel> look",
    "<!here|here> and <!everyone>",
    "<!subteam^S0123456|sales>",
    "<@U012AB3CD> <#C012AB3CD|wins>",
    "<https://evil.example|your bank>",
    "@channel @here @everyone",
    "&lt;!channel&gt; &amp; &amp;lt; &",
    "*bold* _italics_ ~struck~ `code` ```block```",
    # HTML
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)' x='",
    "</title></style></td><svg/onload=alert(1)>",
    "<!-- the rest is gone",
    "javascript:alert(1) data:text/html,<b>x</b>",
    "]]><a href='https://evil.example'>here</a>",
    # mail headers
    "Hello\r\nBcc: all@evil.example",
    "Hello\nX-Evil: 1\n\n<p>new body</p>",
    "=?utf-8?q?Hi=0D=0ABcc=3A_all=40evil=2Eexample?=",
    "Ana <ana@evil.example>, Ben",
    # calendars
    "Ride\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
    "Ride;X-EVIL=1:x\nATTENDEE:mailto:all@evil.example",
    "commas, semicolons; backslash \\ \\n \\N \\, \\; and : colons",
    "fold " + "x" * 61 + "\U0001f469‍\U0001f469‍\U0001f467‍\U0001f466" * 8,
    "ü" * 100,
    # template languages
    "{{31337*31337}} ${31337*31337} #{31337*31337} <%= 31337*31337 %>",
    "{{''.__class__.__mro__[1].__subclasses__()}}",
    "{% for x in [31337] %}{{x*x}}{% endfor %}{# gone #}",
    "%(name)s %s %n {0} {name!r:>9999}",
    # spreadsheets
    "=1+1",
    "+1-2",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    " =1+1",
    '\u00a0=HYPERLINK("https://evil.example")',
    "\t=1+1\r=2+2",
    "first\n=1+1",
    # terminals, and what nobody sees
    "a\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J",
    "over\rwritten \x08\x7f",
    "invoice\u202egnp.exe \u2066x\u2069 \u061cy",
    "zero\u200bwidth\u2060and\ufeffmarks",
    "nul \x00 and \ud800 and \uffff",
    "next\x85line\u2028line\u2029paragraph",
    "e\u0301 is é, \u212b is å, \u037e is ;",
    "x" * 5_000,
    "word " * 999,
)
COMPUTED = "982007569"
"""What appears where somebody took a text for a template."""
PROBE = "Words, <marks> & @signs"
"""A field that takes this takes any text."""

_STEERS = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff\ufffe\uffff]")


def unseen(text: str, allowed: str = "\n") -> list[str]:
    """What of a text nobody sees and something obeys: control characters but `allowed`, marks, lone surrogates."""
    return [
        repr(char)
        for char in text
        if (char not in allowed and unicodedata.category(char) in ("Cc", "Cs")) or _STEERS.match(char)
    ]


def strings(document: object) -> Iterator[str]:
    """Every text in a JSON document, keys included."""
    match document:
        case str():
            yield document
        case dict():
            for key, value in document.items():
                yield str(key)
                yield from strings(value)
        case list():
            for value in document:
                yield from strings(value)


class _Structure(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: Counter[str] = Counter()
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts[f"<{tag} {' '.join(sorted(name for name, _ in attrs))}>"] += 1
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_comment(self, data: str) -> None:
        self.parts["<!-- -->"] += 1

    def handle_decl(self, decl: str) -> None:
        self.parts["<!>"] += 1

    def handle_data(self, data: str) -> None:
        self.text += data


def structure(page: str) -> tuple[set[str], list[str], str]:
    """The elements of an HTML page with the names of their attributes, where its links lead, and its text."""
    parser = _Structure()
    parser.feed(page)
    parser.close()
    return set(parser.parts), parser.links, parser.text
