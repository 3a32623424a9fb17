"""One update on its way from publish to sent, and everything that may happen to it there."""

from house import draft, subscribe, told, walk

from alerts.model import Cadence, Channel, Kind, State
from alerts.services import Services
from alerts.walk import steps


def test_an_update_reaches_exactly_those_who_want_it_once(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "europe@example.org", "150")
    subscribe(services, "asia@example.org", "142")
    subscribe(services, "sport@example.org", "UA", any_tags=("sport",))
    subscribe(services, "T1/C1", "UA")
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {
        "kyiv@example.org": [State.SENT],
        "europe@example.org": [State.SENT],
        "T1/C1": [State.SENT],
    }


def test_the_same_content_again_is_the_same_revision_and_sends_nothing(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    first, _ = steps.publish(services, draft())
    walk(services)
    second, bells = steps.publish(services, draft())
    walk(services)
    assert (first.created, second.created, bells) == (True, False, [])
    assert second.revision.ref == first.revision.ref
    assert told(services, "ua-talks") == {"kyiv@example.org": [State.SENT]}


def test_nothing_is_owed_once_everything_is_sent(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    steps.publish(services, draft())
    walk(services)
    assert services.due.count() == 0


def test_a_daily_subscriber_is_told_at_the_slot_and_not_before(services: Services) -> None:
    subscribe(services, "daily@example.org", "UA", cadence=Cadence.parse("daily 08:00"))
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {}


def test_a_correction_goes_at_once_to_those_who_were_told(services: Services) -> None:
    subscribe(services, "kyiv@example.org", "UA")
    subscribe(services, "moscow@example.org", "RU")
    steps.publish(services, draft())
    walk(services)
    steps.publish(services, draft(kind=Kind.CORRECTION, regions=("UA",), note="Only Ukraine."))
    walk(services)
    assert told(services, "ua-talks") == {
        "kyiv@example.org": [State.SENT, State.SENT],
        "moscow@example.org": [State.SENT, State.SENT],
    }


def test_a_suppressed_address_is_not_tried_and_the_ledger_says_why(services: Services) -> None:
    person = subscribe(services, "gone@example.org", "UA")
    services.suppressions.add(Channel("email"), "gone@example.org", "550 5.1.1 no such user", "smtp")
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {"gone@example.org": [State.SUPPRESSED]}
    [digest] = services.updates.digests("ua-talks")
    assert services.ledger.note(digest, person.sid) == "550 5.1.1 no such user"
