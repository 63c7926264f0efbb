"""How the program is put together: channels by what is set up, a clock that may stand still, a known redirect."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from cadence.bootstrap import channels, clock_of, open_context, secrets_of
from cadence.clock import system
from cadence.core.model import Delivery, MessageKind, Person
from cadence.errors import Refused
from cadence.settings import MailSettings, Settings, SlackSettings
from cadence.store import open_store

MIA = Person(key="mia-lang", identity="mail:mia@example.test", name="Mia Lang", email="mia@example.test")
SLACK = SlackSettings(bot_token=SecretStr("xoxb-1"))
MAIL = MailSettings(host="mail.example.test", sender="cadence@example.test")


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (Settings(), ["console"]),
        (Settings(slack=SLACK), ["slack"]),
        (Settings(mail=MAIL), ["email"]),
        (Settings(slack=SLACK, mail=MAIL), ["slack", "email"]),
    ],
)
def test_there_are_the_channels_that_are_set_up_and_the_console_when_none_is(
    settings: Settings, names: list[str]
) -> None:
    assert list(channels(settings, system, io.StringIO())) == names


def test_the_lonely_console_says_once_that_nobody_else_will_see_it(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    console = channels(Settings(), system, stream)["console"]
    delivery = Delivery(
        key="k", kind=MessageKind.BRIEF, recipient="mia-lang", channel="console", occasion="2027-01-11",
        not_before=system(), created_at=system(), payload="Hello",
    )  # fmt: skip
    for _ in range(2):
        console.send(delivery, MIA, lambda: True)
    assert stream.getvalue().count("Hello") == 2
    assert capsys.readouterr().err.count("neither Slack nor mail") == 1


def test_the_clock_stands_still_where_it_is_told_to() -> None:
    clock = clock_of(Settings(now="2027-01-11T08:00:00+01:00"))
    assert clock().isoformat() == clock().isoformat() == "2027-01-11T07:00:00+00:00"
    assert clock_of(Settings()) is system


def test_a_redirect_to_nobody_is_refused_and_names_who_may_be_meant(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cadence.db'}"
    settings = Settings(database_url=url, redirect="mia-lnag")
    with open_context(settings, system, io.StringIO()):
        pass  # before the first load nobody is known, and nothing is sent
    store = open_store(url)
    with store.begin() as work:
        work.people.save([MIA])
    store.close()
    with pytest.raises(Refused, match="did you mean mia-lang"), open_context(settings, system, io.StringIO()):
        pass
    with open_context(settings.model_copy(update={"redirect": "mia-lang"}), system, io.StringIO()) as context:
        assert context.redirect == "mia-lang"


def test_every_secret_is_known_as_one() -> None:
    settings = Settings(
        database_url="postgresql://me:p4ss@host/db",
        slack=SlackSettings(bot_token=SecretStr("a"), app_token=SecretStr("b"), signing_secret=SecretStr("c")),
        mail=MailSettings(password=SecretStr("d")),
        secret_key=SecretStr("e,f"),
        heartbeat_url="https://watch.example.test/g",
    )
    assert secrets_of(settings) == {"a", "b", "c", "d", "e", "f", "p4ss", "https://watch.example.test/g"}


def test_importing_it_brings_in_no_library_of_a_channel_nor_the_database() -> None:
    line = (
        "import cadence.bootstrap, sys; print([m for m in ('slack_sdk', 'sqlalchemy', 'jinja2') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True).stdout == "[]\n"
