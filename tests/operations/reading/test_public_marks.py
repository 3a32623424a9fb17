"""Whether everybody may read an update is said where it is written; a later file undoes it by no silence."""

import json
from collections.abc import Callable

import pytest
from house import OPERATOR, draft

from alerts import ingest
from alerts.errors import BadInput
from alerts.model import Draft, Status
from alerts.model.names import name_of
from alerts.operations import NamedReading, StoryAnswer, preview, publish, show_update
from alerts.operations.checks.checking_settings import check_settings
from alerts.services import Services
from alerts.settings import Settings


def reading(update: str, headline: str = "Talks go on", **fields: object) -> NamedReading:
    content = {"id": update, "headline": headline, "regions": ["UA"], **fields}
    return NamedReading("update.json", ingest.read(json.dumps(content).encode(), "update.json"))


def published(services: Services, named: NamedReading) -> Draft:
    [found] = publish(services, OPERATOR, [named], ask_story=lambda _: StoryAnswer.REVISION)
    return found.revision.draft


@pytest.mark.parametrize("said", [True, False])
def test_a_revision_that_does_not_say_is_as_the_one_before_it(services: Services, said: bool) -> None:
    """An update that was kept from everybody came out because the next file had a line less."""
    assert published(services, reading("a", public=said)).public is said
    assert published(services, reading("a", note="more")).public is said
    assert preview(services, OPERATOR, reading("a", note="still more")).revision.draft.public is said
    assert published(services, reading("a", note="other", public=not said)).public is not said
    assert published(services, reading("a", note="again")).public is not said


def test_so_is_one_that_is_found_to_be_the_next_of_a_story(services: Services) -> None:
    published(services, reading("a", "Talks go on in Istanbul", public=False))
    found = published(services, reading("", "Talks go on in Istanbul", note="more"))
    assert (found.id, found.public) == ("a", False)


def test_a_first_one_says_nothing_unless_its_author_does(services: Services) -> None:
    assert published(services, reading("a")).public is None
    [again] = publish(services, OPERATOR, [reading("a")])
    assert not again.created


@pytest.mark.parametrize(
    ("status", "public", "may"),
    [
        (Status.ACTUAL, None, True),
        (Status.EXERCISE, None, False),
        (Status.TEST, None, False),
        (Status.EXERCISE, True, True),
        (Status.ACTUAL, False, False),
    ],
)
def test_who_may_read_a_draft(status: Status, public: bool | None, may: bool) -> None:
    assert draft(status=status, public=public).for_everybody is may


def test_what_was_kept_before_there_was_such_a_word_is_the_same_content() -> None:
    """An upgrade that made all old content news would send it all again, if it is published again."""
    old = {
        name: value
        for name, value in draft().to_dict().items()
        if name not in ("public", "language", "shapes", "translations")
    }
    assert Draft.from_dict(old) == draft()
    content = {name: value for name, value in old.items() if name != "id"}
    assert draft().fingerprint == name_of(content)
    assert len({draft(public=said).fingerprint for said in (None, True, False)}) == 3


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ('{{"headline": "Flood", "public": {}}}', ["true", "false"]),
        ('{{"headline": "Flood", "public": "{}"}}', ["true", "no"]),
        ("---\nheadline: Flood\npublic: {}\n---\n", ["yes", "False"]),
    ],
)
def test_it_is_true_or_false_in_every_format(form: str, said: list[str]) -> None:
    read: Callable[[str], Draft] = lambda word: ingest.read(form.format(word).encode(), "update").draft  # noqa: E731
    assert [read(word).public for word in said] == [True, False]
    with pytest.raises(BadInput, match="public cannot be") as refused:
        read("0.5")
    assert "true or false" in refused.value.hint


def test_pages_for_everybody_want_an_address_that_everybody_trusts() -> None:
    for public, url, found in (
        ("off", "http://localhost:8000", []),
        ("open", "http://localhost:8000", ["settings.public"]),
        ("unlisted", "https://alerts.example.org", []),
    ):
        settings = Settings(public=public, public_url=url)
        assert [
            problem.id for problem in check_settings(settings) if problem.id == "settings.public"
        ] == found


def test_whoever_publishes_learns_the_link_to_give_away(services: Services) -> None:
    for update, public in (("a", None), ("b", False)):
        published(services, reading(update, public=public))
    pages = {}
    for setting in ("off", "unlisted", "open"):
        services.settings = services.settings.model_copy(update={"public": setting})
        pages[setting] = [show_update(services, OPERATOR, update).public_page for update in ("a", "b")]
    link = f"{services.settings.public_url}/s/{services.links.public_name('a')}"
    assert pages == {"off": ["", ""], "unlisted": [link, ""], "open": [link, ""]}
    entry = next(e for e in services.audit.entries(0) if e.subject == "b.r1")
    assert entry.after["public"] is False
