"""A page is in the language of its reader: of who has come in, of whom its link is for, or as is asked."""

import re
from dataclasses import replace

import pytest
from doors import Answer, Door
from house import subscribe

from alerts.channels import identity
from alerts.model import Channel, Subscriber
from alerts.services import Services


@pytest.fixture
def olena(services: Services) -> Subscriber:
    person = subscribe(services, "olena@example.org", "UA")
    return services.subscribers.save(replace(person, language="uk"), person)


@pytest.fixture
def link(services: Services, olena: Subscriber) -> str:
    return services.links.unsubscribe(identity(Channel("email"), olena.address))


def spoken(answer: Answer) -> tuple[str | None, str]:
    """The language that an answer says it is in, and that its page says."""
    [lang] = re.findall('<html lang="([^"]+)"', answer.text)
    return answer.headers["Content-Language"], lang


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("uk", "uk"),
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("de-DE,de;q=0.9,fr;q=0.8,en;q=0.7", "fr"),
        ("en;q=0.5,ar;q=0.9", "ar"),
        ("ar-EG", "ar"),
        ("ru,be", "en"),
        ("*", "en"),
        ("es;q=0, fr;q=0.1", "fr"),
        ("uk;q=nonsense, <script>, ,;;;q=2,es", "es"),
        ("x," * 2_000 + "uk", "en"),
        ("qq,zzz,a-b-c,-,uk", "uk"),
    ],
)
def test_a_page_is_in_a_language_that_a_browser_asks_for(door: Door, asked: str, language: str) -> None:
    """RFC 9110: by their weight; of what we do not speak, and of nonsense, nothing is made."""
    answer = door.ask("/", headers={"Accept-Language": asked})
    assert spoken(answer) == (language, language)
    assert answer.headers["Vary"] == "Accept-Language, Cookie"
    assert ('dir="rtl"' in answer.text) == (language == "ar")


def test_a_link_speaks_to_whom_it_is_for_whatever_their_browser_asks(door: Door, link: str) -> None:
    answer = door.ask(link, headers={"Accept-Language": "fr"})
    assert spoken(answer) == ("uk", "uk")
    assert "більше не отримуватиме наших листів" in answer.text


def test_what_a_program_is_told_of_one_click_is_in_their_language_too(door: Door, link: str) -> None:
    answer = door.ask(link, b"List-Unsubscribe=One-Click")
    assert (answer.status, answer.text) == (200, "Ви більше не отримуватимете від нас листів.\n")


def test_a_link_that_does_not_work_says_so_as_the_browser_asks(door: Door) -> None:
    answer = door.ask("/u/v2.u.nothing", headers={"Accept-Language": "es"})
    assert answer.status == 404
    assert "Este enlace no funciona" in answer.text


def test_varieties_that_a_browser_asks_for_are_no_more_languages_than_there_are(door: Door) -> None:
    """Each language compiles its templates: whoever asks for a thousand varieties must not have us do so."""
    said = {spoken(door.ask("/", headers={"Accept-Language": f"uk-x-{n}"})) for n in range(20)}
    assert said == {("uk", "uk")}
