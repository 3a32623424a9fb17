"""Each reader gets an update in their language, and it is rendered once for each language."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clocked import clocked, move_to
from house import OPERATOR, draft, subscribe, tell, told, walk
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st
from inbox import got

from alerts.channels import Renderer
from alerts.errors import BadInput
from alerts.locales import locale_for
from alerts.model import Cadence, Digest, Draft, Kind, Message, Revision, Subscriber, Translation
from alerts.operations import language_of_reader, read_message
from alerts.operations.people.looking_back import looked_back
from alerts.operations.people.person_data import sent_message
from alerts.rendering import StoryView
from alerts.services import Services
from alerts.settings import Settings

DAILY, AT_ONCE = Cadence.parse("daily 08:00"), Cadence()
WORDS = {"uk": "Мости закрито", "pt": "Pontes fechadas", "ar": "الجسور مغلقة"}
ENGLISH, SLACK = "Bridges are closed", "T024BE7LD/C061EG9SL"
#: What is read of `WORDS` and English by who reads these; empty: what the installation says.
READ = {
    "": ENGLISH,
    "en-GB": ENGLISH,
    "uk": WORDS["uk"],
    "pt-BR": WORDS["pt"],
    "ru": ENGLISH,
    "ar": WORDS["ar"],
}


class CountingRenderer:
    """Renders, and counts which digest in which language; fails in some."""

    def __init__(self, renderer: Renderer, failing: str = "") -> None:
        self._renderer, self._failing = renderer, failing
        self.rendered: Counter[tuple[str, str]] = Counter()

    def render(self, digest: Digest, revisions: Mapping[str, Revision], language: str) -> Message:
        self.rendered[digest.id, language] += 1
        if language == self._failing:
            raise BadInput("The template fails.", "Mend it.")
        return self._renderer.render(digest, revisions, language)

    def render_shipped(self, digest: Digest, revisions: Mapping[str, Revision], language: str) -> Message:
        return self._renderer.render_shipped(digest, revisions, language)


def counting(services: Services, failing: str = "") -> CountingRenderer:
    services.own_renderer = CountingRenderer(services.renderer, failing)  # type: ignore[assignment]
    return services.own_renderer  # type: ignore[return-value]


def reader(services: Services, address: str, language: str, cadence: Cadence = AT_ONCE) -> Subscriber:
    person = subscribe(services, address, "UA", cadence=cadence)
    return services.subscribers.save(replace(person, language=language), person)


def bridges(number: int = 1, **changes: Any) -> Draft:
    """A revision in English and three other languages; its headlines tell its number."""
    words = [Translation(tag, f"{said} {number}", (said,), said) for tag, said in sorted(WORDS.items())]
    headline = f"{ENGLISH} {number}"
    return draft(
        "bridges", headline=headline, body=ENGLISH, language="en", translations=tuple(words), **changes
    )


@given(
    people=st.lists(
        st.tuples(st.sampled_from(sorted(READ)), st.sampled_from([AT_ONCE, DAILY])), min_size=1, max_size=8
    ),
    correcting=st.booleans(),
)
@example(people=[(language, AT_ONCE) for language in READ], correcting=True)
@how(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everybody_reads_their_language_and_it_is_rendered_once(
    settings: Settings, people: list[tuple[str, Cadence]], correcting: bool
) -> None:
    """Whoever read Ukrainian was sent what the desk writes, in English, whatever was translated."""
    services = clocked(settings, "2026-03-26T12:00Z")
    renders = counting(services)
    for n, (language, cadence) in enumerate(people):
        reader(services, f"p{n}@example.org", language, cadence)
    tell(services, bridges())
    move_to(services, "2026-03-27T08:00Z")
    walk(services)
    tell(services, bridges(2, kind=Kind.CORRECTION if correcting else Kind.UPDATE))
    move_to(services, "2026-03-28T08:00Z")
    walk(services)
    for n, (language, _) in enumerate(people):
        first, second, *more = got(services, f"p{n}@example.org")
        assert more == []
        assert f"{READ[language]} 1" in first
        assert f"{READ[language]} 2" in second
        others = {words for words in READ.values() if words != READ[language]}
        assert not [words for words in others if words in first + second]
    # A step that runs twice may render twice what the installation reads: that is kept; nothing else is.
    assert all(n == 1 for n in renders.rendered.values()), renders.rendered
    services.close()


def test_people_of_several_languages_share_a_digest_and_a_slot(services: Services) -> None:
    """Who reads what changes nothing about who gets it and when: there is one digest in the ledger."""
    for language in READ:
        reader(services, f"{language or 'x'}@example.org", language)
    tell(services, bridges())
    assert len(services.updates.digests("bridges")) == 1
    assert len(told(services, "bridges")) == len(READ)


def test_a_slack_channel_has_a_language_too(services: Services) -> None:
    reader(services, SLACK, "uk")
    tell(services, bridges())
    [post] = got(services, SLACK)
    assert WORDS["uk"] in post
    assert ENGLISH not in post


def test_a_template_that_fails_in_one_language_holds_nobody_up(services: Services) -> None:
    """It is under way already: with the shipped templates, and operators are notified."""
    counting(services, failing="ar")
    for language in ("", "ar"):
        reader(services, f"{language or 'x'}@example.org", language)
    tell(services, bridges())
    assert WORDS["ar"] in got(services, "ar@example.org")[0]
    assert ENGLISH in got(services, "x@example.org")[0]
    assert "rendered with the shipped templates" in str(services.notices.latest(5))


def test_what_the_installation_reads_is_read_by_who_has_said_nothing(settings: Settings) -> None:
    services = clocked(settings.model_copy(update={"language": "uk"}), "2026-03-26T12:00Z")
    reader(services, "x@example.org", "")
    tell(services, bridges())
    assert WORDS["uk"] in got(services, "x@example.org")[0]
    services.close()


def test_the_page_of_a_message_and_what_a_person_looks_back_on_are_in_their_language(
    services: Services,
) -> None:
    """A mail in Ukrainian led to a page in English."""
    person = reader(services, "uk@example.org", "uk")
    tell(services, bridges())
    [digest] = services.updates.digests("bridges")
    token = services.links.reading(digest, 1, person.sid).rpartition("/")[2]
    page = read_message(services, token, locale_for(language_of_reader(services, token)))
    assert isinstance(page, StoryView)
    assert page.entry.headline == f"{WORDS['uk']} 1"
    assert [line.headline for line in looked_back(services, person)] == [f"{WORDS['uk']} 1"]
    assert f"{WORDS['uk']} 1" in sent_message(services, OPERATOR, person.address, digest)
