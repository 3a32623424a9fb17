"""What came by itself waits for an operator: published as any file is, discarded, or ended with a notice."""

from collections.abc import Iterator

import pytest
from clocked import clocked, move_to
from dying import Died, Mortal
from house import OPERATOR, walk

from alerts import ingest
from alerts.errors import BadInput, Forbidden, NotFound
from alerts.model import Instant, WaitingDraft
from alerts.operations import Choices, Conditions, NamedReading, Permission, audit, list_notices
from alerts.operations.acting import Actor
from alerts.operations.drafts import discard_draft, keep_draft, list_drafts, publish_draft, show_draft
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store.drafts import end_work

DAY_MS = 24 * 3_600_000
SENDER = Actor("feed river", "feed", frozenset({Permission.PUBLISH}))


def keep(
    services: Services,
    document: bytes = b'{"headline": "Flood in Kyiv"}',
    **chosen: object,
) -> WaitingDraft:
    named = NamedReading("item.json", ingest.read(document, "item.json"))
    choices = Choices(**({"regions": ("UA",), "id": "river-1"} | chosen))  # type: ignore[arg-type]
    return keep_draft(services, SENDER, "river-1", document, named, choices=choices)


def ids(services: Services) -> list[str]:
    return [one.draft.id for one in list_drafts(services, OPERATOR)]


def test_a_draft_is_published_with_what_its_source_adds(services: Services) -> None:
    keep(services, severity="severe")
    [published] = publish_draft(services, OPERATOR, "river-1").publications
    draft = published.revision.draft
    assert (published.revision.ref, draft.regions, draft.severity) == ("river-1.r1", ("UA",), "severe")
    assert ids(services) == []
    assert [line.entry.action for line in audit(services, OPERATOR)] == [
        "draft.publish",
        "update.publish",
        "draft.keep",
    ]


def test_what_its_operator_says_stands_in_place_of_what_its_source_adds(services: Services) -> None:
    keep(services, severity="severe")
    [published] = publish_draft(services, OPERATOR, "river-1", Choices(("PL",), (), "minor")).publications
    assert (published.revision.draft.regions, published.revision.draft.severity) == (("PL",), "minor")


def test_a_draft_that_cannot_be_published_waits_on(services: Services) -> None:
    keep(services, regions=())
    with pytest.raises(BadInput, match="names no region"):
        publish_draft(services, OPERATOR, "river-1")
    assert ids(services) == ["river-1"]
    publish_draft(services, OPERATOR, "river-1", Choices(("UA",)))
    assert ids(services) == []


def test_an_edit_takes_the_place_of_a_draft_that_waits(services: Services) -> None:
    keep(services)
    keep(services, document=b'{"headline": "Flood in Kyiv: worse"}')
    [one] = list_drafts(services, OPERATOR)
    assert one.draft.headline == "Flood in Kyiv: worse"


def test_a_draft_that_was_replaced_while_it_was_published_waits_on(services: Services) -> None:
    """The operator published what they had seen; what came in that moment nobody has seen yet."""
    draft = keep(services)
    keep(services, document=b'{"headline": "Flood in Kyiv: worse"}')
    assert not services.drafts.end(draft)
    assert ids(services) == ["river-1"]


def test_a_draft_is_discarded_once(services: Services) -> None:
    keep(services)
    discard_draft(services, OPERATOR, "river-1")
    with pytest.raises(NotFound):
        discard_draft(services, OPERATOR, "river-1")
    assert not services.due.is_owed(end_work("river-1"))


def test_a_draft_shows_what_it_says_and_where_it_would_go(services: Services) -> None:
    keep(services, regions=())
    [reading] = show_draft(services, OPERATOR, "river-1").readings
    assert reading.reading.draft.headline == "Flood in Kyiv"
    assert [s.name for s in reading.suggestions][:1] == ["Ukraine"]


def test_who_may_not_publish_decides_on_no_draft(services: Services) -> None:
    keep(services)
    looker = Actor("looker", "test", frozenset({Permission.READ}))
    list_drafts(services, looker)
    for decide in (publish_draft, discard_draft):
        with pytest.raises(Forbidden):
            decide(services, looker, "river-1")


def test_an_exercise_needs_its_word_as_from_a_file(settings: Settings, services: Services) -> None:
    real = connect(settings.model_copy(update={"webhooks": True}))
    keep(services, document=b'{"headline": "Flood in Kyiv", "status": "exercise"}')
    with pytest.raises(BadInput, match="status exercise"):
        publish_draft(real, OPERATOR, "river-1")
    publish_draft(real, OPERATOR, "river-1", conditions=Conditions(confirm=("exercise",)))
    real.close()


@pytest.fixture
def clock(settings: Settings) -> Iterator[Services]:
    made = clocked(settings, "2026-11-26T08:00Z")
    yield made
    made.close()


def test_a_draft_that_nobody_decides_on_ends_after_a_notice(clock: Services) -> None:
    came_ms = clock.server.now_ms()
    keep(clock)

    def at(ms: Instant) -> list[str]:
        move_to(clock, ms)
        walk(clock)
        return [notice.what for notice in list_notices(clock, OPERATOR, 100)]

    assert at(came_ms + 5 * DAY_MS) == []
    assert at(came_ms + 6 * DAY_MS) == ["a draft ends soon"]
    assert at(came_ms + 6 * DAY_MS + 3_600_000) == ["a draft ends soon"]
    assert ids(clock) == ["river-1"]
    assert at(came_ms + 7 * DAY_MS)[0] == "a draft has ended, and nobody published it"
    assert ids(clock) == []
    assert clock.due.count() == 0


def test_whichever_command_is_the_last_a_draft_is_published_once_and_gone(settings: Settings) -> None:
    services = connect(settings)
    dying = Mortal(services)
    survived, n = False, 1
    while not survived:
        services.server.client.flushall()
        keep(services)
        dying.left = n
        try:
            publish_draft(services, OPERATOR, "river-1")
            survived = True
        except Died:
            pass
        dying.left = float("inf")
        services.server.client.connection_pool.disconnect()
        if ids(services):
            publish_draft(services, OPERATOR, "river-1")
        assert ids(services) == []
        assert services.updates.latest("river-1") == 1
        n += 1
    assert n > 5
    services.close()
