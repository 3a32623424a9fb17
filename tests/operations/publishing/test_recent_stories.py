"""Published again without an id, a mended headline was news to everybody: now somebody is asked."""

import pytest
from house import OPERATOR, draft, tell

from alerts import ingest
from alerts.errors import Conflict
from alerts.model import Kind, Status
from alerts.operations import (
    Choices,
    Conditions,
    NamedReading,
    Publication,
    Story,
    StoryAnswer,
    close,
    publish,
)
from alerts.services import Services

HEADLINE = "Talks go on in Istambul"
MENDED = "Talks go on in Istanbul"


def put(
    services: Services,
    headline: str,
    answer: StoryAnswer | None = None,
    regions: str = "UA",
    id: str = "",  # noqa: A002 - the interface's word
    front: str = "",
    new: bool = False,
) -> Publication:
    """Publish it; `answer` is what somebody says who is asked. None: nobody may be asked."""
    asked: list[Story] = []

    def ask(story: Story) -> StoryAnswer:
        asked.append(story)
        return StoryAnswer.NOBODY_SAYS if answer is None else answer

    text = f"---\nregions: [{regions}]\nseverity: minor\n{front}---\n# {headline}\n"
    named = NamedReading("talks.md", ingest.read(text.encode(), "talks.md"))
    conditions = Conditions(new=new)
    [done] = publish(services, OPERATOR, [named], Choices(id=id or None), conditions, ask_story=ask)
    assert bool(asked) == (answer is not None)
    return done


def test_nobody_says_which_it_is_and_nothing_is_published(services: Services) -> None:
    first = put(services, HEADLINE)
    with pytest.raises(Conflict, match="reads like") as refused:
        put(services, MENDED, StoryAnswer.NOBODY_SAYS)
    assert f"--id {first.revision.update}" in refused.value.hint
    assert "--new" in refused.value.hint
    assert services.updates.count() == 1


def test_it_is_the_next_revision_or_news_as_somebody_says(services: Services) -> None:
    first = put(services, HEADLINE)
    second = put(services, MENDED, StoryAnswer.REVISION)
    assert (second.revision.update, second.revision.number) == (first.revision.update, 2)
    third = put(services, MENDED + "!", StoryAnswer.NEWS)
    assert third.revision.number == 1
    assert put(services, MENDED + "?", new=True).revision.number == 1
    assert services.updates.count() == 3


def test_who_names_the_update_is_not_asked(services: Services) -> None:
    put(services, HEADLINE)
    put(services, MENDED, id="talks")
    put(services, MENDED, front="id: other\n")
    assert services.updates.count() == 3


@pytest.mark.parametrize(
    ("headline", "regions", "front"),
    [
        pytest.param("Talks are broken off", "UA", "", id="another story"),
        pytest.param(MENDED, "KE", "", id="elsewhere"),
        pytest.param(MENDED, "UA", "status: exercise\n", id="an exercise"),
    ],
)
def test_what_is_another_story_is_not_asked_about(
    services: Services, headline: str, regions: str, front: str
) -> None:
    put(services, HEADLINE)
    assert put(services, headline, regions=regions, front=front).revision.number == 1


@pytest.mark.parametrize("regions", ["UA-30", "Europe"])
def test_a_region_within_or_around_is_shared(services: Services, regions: str) -> None:
    put(services, HEADLINE)
    put(services, MENDED, StoryAnswer.NEWS, regions=regions)


def test_the_same_file_again_is_the_same_revision_and_no_question(services: Services) -> None:
    put(services, HEADLINE)
    assert not put(services, HEADLINE).created


def test_what_is_held_is_known_and_what_is_over_is_not(services: Services) -> None:
    """The typo is seen while the undo window is open."""
    services.updates.publish(
        draft("held", headline=HEADLINE, regions=("UA",)), services.server.now_ms() + 3_600_000
    )
    with pytest.raises(Conflict, match=r"held\.r1 \(held\)"):
        put(services, MENDED, StoryAnswer.NOBODY_SAYS)
    services.updates.withdraw("held.r1", "undone")
    tell(services, draft("over", headline=HEADLINE, regions=("UA",)))
    close(services, OPERATOR, "over")
    assert services.updates.history("over").revisions[-1].kind is Kind.CANCEL
    assert services.updates.history("over").revisions[-1].draft.status is Status.ACTUAL
    assert put(services, MENDED).revision.number == 1


def test_what_is_long_ago_is_not_looked_at(services: Services) -> None:
    """Looking back is bounded, by time and by number: a log of years costs no more."""
    put(services, HEADLINE)
    client, long_ago = services.server.client, services.server.now_ms() - 73 * 3_600_000
    for key in ("updates", "log"):
        [(name, _)] = client.zrange(services.server.keys(key), 0, -1, withscores=True)
        client.zadd(services.server.keys(key), {name: long_ago})
    assert put(services, MENDED).revision.number == 1
