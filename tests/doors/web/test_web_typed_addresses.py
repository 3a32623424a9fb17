"""Whatever anybody types, on whatever page, however fast: at most three mails to one mailbox in 24 hours."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from house import subscribe, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inside import Inside
from mailroom import Mailroom
from own_pages import OwnPages

from alerts.channels import read_outbox
from alerts.links import Purpose
from alerts.model import OptOut
from alerts.operations import Requested
from alerts.operations.people.joining import ask_to_join, read_to_join
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store.one_time_links import MAILS_MOST, WITHIN_MS

#: The ways in which one mailbox is spelt, and what people paste around it.
SPELT = [
    "anna@gmail.com",
    "Anna@GMAIL.com",
    "a.n.n.a@gmail.com",
    "anna+{n}@googlemail.com",
    " anna@gmail.com ",
    "ANNA+{n}@gmail.com",
]
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def kept(bundled: Settings) -> Iterator[Services]:
    ready = connect(bundled.model_copy(update={"redis_url": None, "join": "open"}))
    yield ready
    ready.close()


@pytest.fixture
def services(kept: Services, tmp_path: Path) -> Services:
    kept.server.client.flushall()
    Mailroom(kept, tmp_path)
    return kept


def later(services: Services, ms: int) -> None:
    """Let time pass, as far as mails are counted."""
    client = services.server.client
    for key in client.scan_iter(match=services.server.keys("one_time_mails", "*")):
        instants = client.lrange(key, 0, -1)
        for at, instant in enumerate(instants):
            client.lset(key, at, int(instant) - ms)


def mailed(services: Services, folder: Path) -> int:
    """How many mails went out, once all that is owed by now is done."""
    walk(services)
    return len(list(read_outbox(folder)))


def ask(services: Services, address: str) -> bool:
    return bool(ask_to_join(services, read_to_join(services, address, Requested(("UA",)))))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(SPELT), st.integers(0, 30)), min_size=4, max_size=14))
def test_no_24_hours_have_more_than_three(kept: Services, typed: list[tuple[str, int]]) -> None:
    """By any spelling, at any hours: it is the mailbox that is counted, and the last 24 hours, not a day."""
    kept.server.client.flushall()
    sent, now_ms = list[int](), 0
    for number, (spelt, hours) in enumerate(typed):
        later(kept, hours * HOUR_MS)
        now_ms += hours * HOUR_MS
        if ask(kept, spelt.format(n=number)):
            sent.append(now_ms)
    for first, fourth in zip(sent, sent[MAILS_MOST:], strict=False):
        assert fourth - first >= WITHIN_MS
    assert len(sent) >= min(3, len(typed))


def test_nothing_that_is_typed_on_any_page_is_mailed_besides(services: Services, tmp_path: Path) -> None:
    """To join, of somebody who subscribes: every form that takes an address is filled in with hers."""
    inside = Inside(services)
    address = "anna@gmail.com"
    subscribe(services, address, "UA")
    subscribe(services, "bob@example.net", "UA")
    bob = OwnPages(services, "bob@example.net")
    never = f"/n/{services.links.opting_out_token('bob@example.net', OptOut.REQUESTS)}"
    leave = f"/u/{services.links.token(Purpose.UNSUBSCRIBE, 'bob@example.net')}"
    pages = ["/", "/join", "/join/map", never, leave]
    taking = {path for path in pages if 'name="address"' in inside.ask(path).text}
    assert taking == {"/join"}
    assert len(re.findall(r'name="address"', bob.open())) == 1  # to have all about him deleted
    for spelt, do in itertools.product(SPELT[:4], ("", "find")):
        for path in ("/join", "/join/map", never, leave, f"{leave}/pause"):
            inside.ask(path, urlencode({"address": spelt.format(n=1), "q": "Poland", "do": do}).encode())
        bob.press("erase", address=spelt.format(n=1))
        bob.press("language", address=spelt.format(n=1), language="en")
    assert mailed(services, tmp_path) == MAILS_MOST


def test_who_holds_a_mail_has_three_of_their_own(services: Services, tmp_path: Path) -> None:
    """Nobody who types an address keeps its holder out: to come in is asked for by a link in a mail."""
    inside, address = Inside(services), "anna@example.org"
    subscribe(services, address, "UA")
    for _ in range(10):
        ask(services, address)
        inside.ask(f"/u/{services.links.token(Purpose.UNSUBSCRIBE, address)}/manage", b"")
    assert mailed(services, tmp_path) == 2 * MAILS_MOST
