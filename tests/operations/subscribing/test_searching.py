"""Subscribers searched: who is found, in which order, a page at a time; and the list of suppressions."""

import pytest
from house import OPERATOR, subscribe

from alerts.errors import NotFound, UnknownRegion, UnknownTag
from alerts.model import Channel
from alerts.operations.subscribing.searching import SubscriberSearch, SubscriberState, search, search_page
from alerts.operations.subscribing.subscribers import change, remove
from alerts.operations.subscribing.suppressing import count_suppressions, list_suppressions, suppress
from alerts.services import Services
from alerts.store.subscribers import ROWS

ANN, BOB, TEAM, ZOE = "ann@kyiv.example", "Bob@paris.example", "T1/CKYIV", "zoe@paris.example"


@pytest.fixture(autouse=True)
def people(services: Services) -> None:
    subscribe(services, ZOE, "FR", any_tags=("flood",), paused=True)
    subscribe(services, ANN, "UA-30", all_tags=("conflict",))
    subscribe(services, BOB, "FR", none_tags=("flood",))
    subscribe(services, TEAM, "150", any_tags=("flood",))
    change(services, OPERATOR, BOB, name="Bob of Kyiv")
    suppress(services, OPERATOR, "bob@paris.example", "asked by phone")
    suppress(services, OPERATOR, ZOE, "gone")


def found(services: Services, **sought: object) -> list[str]:
    asked = SubscriberSearch(**sought)  # type: ignore[arg-type]
    return [one.subscriber.address for one in search(services, OPERATOR, asked)]


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        pytest.param({}, [ZOE, ANN, BOB, TEAM], id="nothing asked: everybody, as they came"),
        pytest.param({"text": "KYIV"}, [ANN, TEAM, BOB], id="a part of the address or the name, in any case"),
        pytest.param({"text": "bob@PARIS"}, [BOB], id="an address however it is spelt"),
        pytest.param({"text": "*"}, [], id="a part is no pattern"),
        pytest.param({"channel": Channel("slack")}, [TEAM], id="a channel"),
        pytest.param({"region": "Ukraine"}, [ANN, TEAM], id="a region, and what is within and around it"),
        pytest.param({"tag": " Flood "}, [ZOE, TEAM], id="a tag: not whom it is kept from"),
        pytest.param({"tag": "conflict"}, [ANN], id="a tag that is needed with others"),
        pytest.param({"state": SubscriberState.ACTIVE}, [ANN, TEAM], id="active: something is sent to them"),
        pytest.param({"state": SubscriberState.PAUSED}, [ZOE], id="paused, though suppressed as well"),
        pytest.param({"state": SubscriberState.SUPPRESSED}, [ZOE, BOB], id="suppressed, however spelt"),
        pytest.param({"text": "paris", "region": "FR", "tag": "flood"}, [ZOE], id="all that is asked for"),
    ],
)
def test_those_are_found_of_whom_all_that_is_asked_holds(
    services: Services, sought: dict[str, object], expected: list[str]
) -> None:
    assert found(services, **sought) == expected


@pytest.mark.parametrize(
    ("sought", "fault"), [({"region": "Ukrane"}, UnknownRegion), ({"tag": "flod"}, UnknownTag)]
)
def test_a_word_that_means_nothing_is_refused_and_not_found_nowhere(
    services: Services, sought: dict[str, object], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        found(services, **sought)


def test_pages_one_after_the_other_are_everybody_once_also_where_portions_meet(services: Services) -> None:
    for n in range(ROWS + 3):
        subscribe(services, f"p{n}@many.example", "UA")
    remove(services, OPERATOR, "p7@many.example")
    sought = SubscriberSearch("@many")
    listed: list[str] = []
    totals, after = [], ""
    while True:
        page = search_page(services, OPERATOR, sought, 200, after)
        listed += [one.subscriber.address for one in page.subscribers]
        totals.append(page.total)
        if page.next is None:
            break
        after = page.next
    assert listed == [f"p{n}@many.example" for n in range(ROWS + 3) if n != 7]
    assert totals == [502, 302, 102]


def test_a_page_after_somebody_who_is_gone_is_refused(services: Services) -> None:
    with pytest.raises(NotFound, match="Nobody subscribes"):
        search_page(services, OPERATOR, SubscriberSearch(), 5, "gone@many.example")


def test_the_last_page_has_no_next_one_also_when_it_is_full(services: Services) -> None:
    assert search_page(services, OPERATOR, SubscriberSearch(), 4).next is None
    assert search_page(services, OPERATOR, SubscriberSearch(), 3).next == BOB
    assert search_page(services, OPERATOR, SubscriberSearch("nobody"), 3).next is None


def test_suppressions_are_listed_with_their_reasons_the_newest_first(services: Services) -> None:
    """Whom nothing was sent to could be asked address by address, and by nobody who did not know them."""
    before_ms = services.server.now_ms()
    while services.server.now_ms() == before_ms:  # else it is no newer than the others
        pass
    suppress(services, OPERATOR, TEAM, "archived")
    listed = list(list_suppressions(services, OPERATOR, limit=2))
    assert (listed[0].address, listed[0].suppression.reason, len(listed)) == (TEAM, "archived", 2)
    everybody = {(one.channel, one.address) for one in list_suppressions(services, OPERATOR)}
    assert everybody == {
        (Channel("email"), "bob@paris.example"),
        (Channel("email"), ZOE),
        (Channel("slack"), TEAM),
    }
    assert count_suppressions(services, OPERATOR) == 3
    assert count_suppressions(services, OPERATOR, Channel("slack")) == 1
