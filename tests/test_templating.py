"""Every sentence comes from the catalogue, in the reader's language, and the installation's own words come first."""

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from jinja2 import Environment

from cadence import bundled
from cadence.core.messages import Say
from cadence.templating import LONGEST, NoWords, Words, _flat, _words, words

TUESDAY = date(2027, 1, 12)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own" / "en").mkdir(parents=True)
    return tmp_path / "own"


def write(own: Path, name: str, text: str, language: str = "en") -> Path:
    path = own / language / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def saying(own: Path, sentence: str, **facts: object) -> str:
    write(own, "own.toml", f"[own]\nsentence = '''{sentence}'''\n")
    return words("en", own).say("own.sentence", **facts)


# -- sentences ---------------------------------------------------------------------------------------------------


def test_a_sentence_is_filled_with_its_facts() -> None:
    assert words().say("kind.field_ride.title", title="", about="Ana Lima") == "Field ride with Ana Lima"


def test_the_plans_own_title_comes_before_the_kinds() -> None:
    said = words().say("kind.campaign_review.title", title="Deal clinic", about="Grace Okafor")
    assert said == "Deal clinic: Grace Okafor"


def test_the_catalogue_is_a_say_by_its_bound_method() -> None:
    say: Say = words().say
    assert say("kind.audit.name") == "Audit"


def test_sentences_are_plain_text_because_channels_escape(own: Path) -> None:
    assert saying(own, "{{ name }} & co", name="<b>Ana</b>") == "<b>Ana</b> & co"


def test_a_fact_is_never_read_as_a_template(own: Path) -> None:
    assert saying(own, "{{ title }}", title="{{ 7 * 7 }}{% raw %}") == "{{ 7 * 7 }}{% raw %}"


def test_a_key_that_nobody_wrote_is_named_with_where_it_belongs() -> None:
    with pytest.raises(NoWords, match=r"no words for 'no\.such' in 'en'; add it to a \.toml file in .*templates/en"):
        words().say("no.such")


def test_a_fact_that_is_missing_is_named() -> None:
    with pytest.raises(NoWords, match=r"'kind\.field_ride\.title'.*'title' is undefined"):
        words().say("kind.field_ride.title")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[a]\nb = 'one'\nb = 'two'\n", "own.toml"),
        ("[a]\nb = 7\n", "'a.b' is not one line of text"),
        ("[a]\nb = 'one\\ntwo'\n[c]\nd = '''one\ntwo'''\n", "'c.d' is not one line of text"),
    ],
)
def test_a_broken_catalogue_says_which_file_and_key(own: Path, toml: str, said: str) -> None:
    write(own, "own.toml", toml)
    with pytest.raises(NoWords, match=said):
        words("en", own)


def test_one_key_in_two_files_of_a_folder_is_refused(own: Path) -> None:
    write(own, "a.toml", "[x]\ny = 'one'\n")
    write(own, "b.toml", "[x]\ny = 'two'\n")
    with pytest.raises(NoWords, match=r"b\.toml: 'x\.y' is said twice"):
        words("en", own)


def test_a_sentence_that_jinja_cannot_read_says_which(own: Path) -> None:
    with pytest.raises(NoWords, match=r"'own\.sentence'.*unexpected"):
        saying(own, "{{ oops", name="x")


def test_every_shipped_sentence_and_page_is_one_that_jinja_can_read() -> None:
    jinja = Environment(autoescape=True)
    jinja.filters |= dict.fromkeys(("day", "clock", "month", "weekday"), str)
    for path in bundled.folder("templates").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        for template in dict(_flat(tomllib.loads(text))).values() if path.suffix == ".toml" else [text]:
            jinja.from_string(template)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("{{ x | day }}", "soon is not a day"),
        ("{{ x | clock }}", "soon is not a time"),
        ("{{ y | day }}", "'y' is undefined"),
        ("{{ 1 // 0 }}", "by zero"),
        ("{{ x + 1 }}", "str"),
    ],
)
def test_a_fact_of_the_wrong_type_is_said_not_thrown(own: Path, sentence: str, said: str) -> None:
    with pytest.raises(NoWords, match=said):
        saying(own, sentence, x="soon")


# -- filters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "fact", "said"),
    [
        ("{{ x | day }}", TUESDAY, "Tue 12 Jan"),
        ("{{ x | day }}", date(2027, 9, 1), "Wed 1 Sep"),
        ("{{ x | day('America/New_York') }}", datetime(2027, 1, 12, 2, 0, tzinfo=UTC), "Mon 11 Jan"),
        ("{{ x | clock }}", time(8, 30), "08:30"),
        ("{{ x | clock }}", datetime(2027, 1, 12, 20, 5, tzinfo=UTC), "20:05"),
        ("{{ x | clock('Europe/Berlin') }}", datetime(2027, 7, 1, 7, 0, tzinfo=UTC), "09:00"),
        ("{{ x | month }}", TUESDAY, "January"),
        ("{{ x | month }}", 12, "December"),
        ("{{ x | weekday }}", TUESDAY, "Tuesday"),
        ("{{ x | weekday }}", 0, "Monday"),
        ("{{ x | weekday }}", 6, "Sunday"),
    ],
)
def test_dates_are_written_in_the_language(own: Path, sentence: str, fact: object, said: str) -> None:
    assert saying(own, sentence, x=fact) == said


def test_another_language_brings_its_own_names_and_order(own: Path) -> None:
    write(own, "words.toml", "[format]\nday = 'EEE d. MMM'\n[own]\nwhen = '{{ d | day }}, {{ d | month }}'\n", "de")
    german = words("de", own)
    assert german.say("own.when", d=date(2027, 3, 2)) == "Di. 2. März, März"


# -- languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "xx", "", "../../etc", "en/../..", "EN_us", "en-GB", "de-AT\n"])
def test_a_language_that_nobody_wrote_falls_back_to_english(language: str) -> None:
    assert words(language).language == "en"


def test_a_regional_language_is_spoken_in_its_main_one(own: Path) -> None:
    write(own, "words.toml", "[kind.field_ride]\nname = 'Mitreise'\n", "de")
    assert words("de-AT", own).say("kind.field_ride.name") == "Mitreise"


def test_what_a_language_does_not_say_yet_is_said_in_english(own: Path) -> None:
    write(own, "words.toml", "[kind.field_ride]\nname = 'Mitreise'\n", "fr")
    assert words("fr", own).say("kind.audit.name") == "Audit"


def test_a_language_that_babel_does_not_know_writes_dates_as_english_does(own: Path) -> None:
    write(own, "words.toml", "[own]\nwhen = '{{ d | day }}!'\n", "qx")
    assert words("qx", own).say("own.when", d=TUESDAY) == "Tue 12 Jan!"


def test_the_same_language_is_read_once() -> None:
    assert words("en") is words("fr")


# -- pages and own folders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["html", "svg", "xml"])
def test_a_page_for_a_browser_is_escaped_by_its_ending(own: Path, ending: str) -> None:
    write(own, f"own.{ending}", "<b>{{ name }}</b>")
    assert words("en", own).page(f"own.{ending}", name="<i>&") == "<b>&lt;i&gt;&amp;</b>"


def test_a_text_page_is_not_escaped_and_can_say_sentences(own: Path) -> None:
    write(own, "own.txt", "{{ say('kind.audit.name') }}: {{ name }}\n{% if name %}\nyes\n{% endif %}\n")
    assert words("en", own).page("own.txt", name="A & B") == "Audit: A & B\nyes\n"


def test_the_own_folder_comes_first_sentence_by_sentence(own: Path) -> None:
    write(own, "words.toml", "[kind.field_ride]\nname = 'Joint call'\n")
    assert words("en", own).say("kind.field_ride.name") == "Joint call"
    assert words("en", own).say("kind.qbr.name") == words("en").say("kind.qbr.name")


def test_the_own_folder_comes_first_page_by_page(own: Path) -> None:
    write(own, "brief.txt", "ours\n{% include 'more.txt' %}")
    write(own, "more.txt", "and more")
    assert words("en", own).page("brief.txt") == "ours\nand more"


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/hostname", "deep/../../secret.txt", "link.txt", "none.txt", ""]
)
def test_a_page_outside_the_folders_is_not_there(own: Path, name: str) -> None:
    secret = own / "secret.txt"
    secret.write_text("secret")
    (own / "en" / "link.txt").symlink_to(secret)
    with pytest.raises(NoWords, match="cannot be filled in"):
        words("en", own).page(name)


def test_a_catalogue_that_points_out_of_the_folder_is_refused(own: Path) -> None:
    (own / "elsewhere.toml").write_text("[x]\ny = 'z'\n")
    (own / "en" / "link.toml").symlink_to(own / "elsewhere.toml")
    with pytest.raises(NoWords, match="points out of its folder"):
        words("en", own)


@pytest.mark.parametrize("sentence", ["{{ ''.__class__ }}", "{{ x.append(1) }}", "{{ say.__globals__ }}"])
def test_templates_run_in_a_sandbox_that_changes_nothing(own: Path, sentence: str) -> None:
    with pytest.raises(NoWords):
        saying(own, sentence, x=[])


def test_what_a_template_puts_out_is_limited(own: Path) -> None:
    write(own, "long.txt", "{% for n in range(2000) %}{{ x }}{% endfor %}")
    with pytest.raises(NoWords, match="more than"):
        words("en", own).page("long.txt", x="x" * (LONGEST // 1000))


# -- the ledger's hash -------------------------------------------------------------------------------------------


def fresh(own: Path) -> Words:
    """As after a restart: the words are read once per process."""
    _words.cache_clear()
    return words("en", own)


def test_the_digest_changes_with_any_word_and_with_nothing_else(own: Path) -> None:
    before = fresh(own).digest_of_templates
    assert fresh(own).digest_of_templates == before
    page = write(own, "brief.txt", "ours")
    changed = fresh(own).digest_of_templates
    assert changed != before
    page.unlink()
    assert fresh(own).digest_of_templates == before
