"""Every language says everything, and nothing that nobody is told any more."""

import re
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from alerts.locales import CATALOGS, locale_for
from alerts.locales.translated import CATALOGS_DIR

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import catalogs  # noqa: E402 - the tool that writes them, as `make catalogs` runs it

TEMPLATE = catalogs.extracted()
_PLACE = re.compile(r"%\((\w+)\)(.)")
_TAG = re.compile(r"<[^>]*>")
#: Texts that something else may follow: a link, a time that Slack shows each reader in their own zone.
LAST = {"%(label)s: %(text)s", "expires %(moment)s", "expired %(moment)s"}

#: What somebody else wrote, whichever way it runs.
OTHERS = re.compile(r"(<bdi>|\u2068)?%\((address|sender|name|headline|word|text)\)s(</bdi>|\u2069)?")


def catalog(language: str) -> Catalog:
    with (CATALOGS_DIR / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def originals(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def messages(language: str) -> list[Message]:
    return [message for message in catalog(language) if message.id]


def test_the_template_is_what_the_texts_are_now():
    """A text was reworded, and four languages went on with what it had said before: `make catalogs`."""
    assert (CATALOGS_DIR / "alerts.pot").read_bytes() == catalogs.written(TEMPLATE)


@pytest.mark.parametrize("language", CATALOGS)
def test_a_language_has_every_text_and_no_other(language):
    file = (CATALOGS_DIR / f"{language}.po").read_bytes()
    assert file == catalogs.written(catalogs.renewed(language, TEMPLATE))


@pytest.mark.parametrize("language", CATALOGS)
def test_every_text_is_translated_in_each_of_its_forms(language):
    """French has a form for millions, too: with two of three given, “3 mises à jour” was “3 updates”."""
    count = catalog(language).num_plurals
    for message in messages(language):
        said = forms(message)
        assert len(said) == (count if message.pluralizable else 1), message.id
        assert all(said), message.id


@pytest.mark.parametrize("language", ["es", "fr"])
def test_what_is_said_of_millions_is_said_of_nothing_less(language):
    """Its forms are one, millions, and all other: in another order, three places were “3 de lugares”."""
    for message in messages(language):
        if message.pluralizable:
            one, _, others = ("%(num)s de " in form for form in forms(message))
            assert one or not others, message.id


def test_no_translation_waits_for_somebody_to_look_at_it():
    assert [m.id for language in CATALOGS for m in messages(language) if m.fuzzy] == []


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_has_the_places_and_the_markup_of_its_text(language):
    """A place that nobody fills stops every mail of a language; one that is left out hides what it held.

    A form for none, one or two may say the number as a word.
    """
    for message in messages(language):
        wanted = {name for text in originals(message) for name, _ in _PLACE.findall(text)}
        for form in forms(message):
            places = _PLACE.findall(form)
            assert {kind for _, kind in places} <= {"s"}, form
            said = {name for name, _ in places}
            assert said == wanted or (message.pluralizable and said | {"num"} == wanted), form
            assert form.count("%") == len(places), form
            assert sorted(_TAG.findall(form)) == sorted(_TAG.findall(originals(message)[0])), form


@pytest.mark.parametrize("language", CATALOGS)
def test_what_follows_a_text_stands_last_in_it(language):
    """A link or a time may follow what leads to it: in no language can it stand in the middle."""
    for message in messages(language):
        if message.id in LAST:
            assert message.string.endswith(message.id[message.id.rindex("%(") :])


@pytest.mark.parametrize("language", CATALOGS)
def test_no_two_words_of_a_kind_are_the_same(language):
    """“Severe” and “extreme” must not become one word: somebody asks for one of them."""
    for context in ("severity", "certainty", "change", "status", "rhythm"):
        said = [message.string for message in messages(language) if message.context == context]
        assert len(set(said)) == len(said) > 0


def test_what_others_wrote_orders_nothing_else_in_a_language_that_runs_right_to_left():
    """“اذكروا 2026-flood” was shown as “flood-2026”: its figures went with the Arabic before it (UAX #9)."""
    languages = [language for language in CATALOGS if locale_for(language).direction == "rtl"]
    assert languages
    for message in (message for language in languages for message in messages(language)):
        for form in () if message.id in LAST or message.context == "region" else forms(message):
            for place in OTHERS.finditer(form):
                assert None not in place.groups(), form
            typed = "" if "least" in form or message.id in LAST else form  # two words of ours
            assert re.search(r"«%\(", typed) is None, form


def test_nothing_is_glued_to_a_text_in_a_template():
    """“Choisis: Ukraine”: the colon was the template's, and in French a space stands before it.

    What only programs that read aloud say is not seen: for them it is a pause in every language.
    """
    glued = re.compile(
        r"""(?:endtrans %}|_\("[^"]*"\) }}|\btitle }})(?:{%[^%]*%}|<(?!span class="unseen")[^>]*>)*:"""
    )
    for template in (ROOT / "templates").glob("**/*.*.j2"):
        if template.name.endswith((".html.j2", ".txt.j2")):
            assert glued.search(template.read_text("utf-8")) is None, template


@pytest.mark.parametrize("language", CATALOGS)
def test_what_a_text_tells_to_press_is_called_as_it_is_there(language):
    """“Follow <em>Manage or unsubscribe</em>”: who looks for it in a mail must find these very words."""
    said = {message.id: message.string for message in messages(language)}
    for text in map(str, said):
        for link in re.findall("<em>(.*)</em>", text):
            assert f"<em>{said[link]}</em>" in said[text]
        if re.search(r"\? Undo ", text):
            assert said["Undo"] in said[text]


def test_signs_stand_as_french_has_them():
    """A line that ends before its colon, or a space that a phone breaks: “Gravité désormais inconnue / :”.

    The Imprimerie nationale: a narrow no-break space before ; ! ?, a no-break space before a colon and
    inside « ». A time of day is typed as everywhere: 08:00.
    """
    wrong = re.compile("(?<!\u202f)[;!?]|(?<!\xa0)»|(?<!\xa0)(?<!\\d):|«(?!\xa0)|['\"“”]|\\.\\.\\.")
    for message in messages("fr"):
        for form in forms(message):
            assert wrong.search(_TAG.sub("", form)) is None, form


def test_signs_stand_as_ukrainian_has_them():
    """Quotation marks «», the apostrophe ’, a dash between spaces."""
    for message in messages("uk"):
        for form in forms(message):
            assert re.search("['\"“”]|\\.\\.\\.|\\w –|\\w - | [;:!?]", _TAG.sub("", form)) is None, form
