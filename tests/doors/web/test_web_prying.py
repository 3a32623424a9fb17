"""Whoever pries: a scanner that opens every link, a stranger who tries addresses, a link in other hands."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from house import OPERATOR, draft, subscribe, tell
from inside import Inside
from mailroom import Mailroom

from alerts.links import Purpose
from alerts.model import Channel
from alerts.operations import leave, suppress
from alerts.operations.people.coming_in import begin
from alerts.operations.subscribing.erasing import erase
from alerts.operations.subscribing.unsubscribing import LinkHolder
from alerts.services import Services

ANNA, BOB, EMAIL = "anna@example.org", "bob@example.net", Channel("email")
#: What there is of Redis' commands whoever asks: the door asks for it to be measured.
MEASURING = {"info", "config", "ping", "client", "select", "hello"}


@pytest.fixture
def mailroom(services: Services, tmp_path: Path) -> Mailroom:
    services.settings = services.settings.model_copy(update={"join": "open", "public": "open"})
    return Mailroom(services, tmp_path)


@pytest.fixture
def inside(services: Services, mailroom: Mailroom) -> Inside:
    return Inside(services)


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def kept(services: Services) -> dict[bytes, bytes | None]:
    """All that the server holds, key by key, as it would go into a backup.

    But how many pages a network has asked for lately (`rate:…`): a minute later nothing is left of it.
    """
    client, rates = services.server.client, services.server.keys("rate:").encode()
    return {key: client.dump(key) for key in client.scan_iter(count=1000) if not key.startswith(rates)}


def session(services: Services, address: str) -> dict[str, str]:
    """What the browser of somebody who has come in shows."""
    person = services.subscribers.find(EMAIL, address)
    assert person
    return {"Cookie": f"__Host-alerts={begin(services, person)}"}


def told(services: Services, address: str) -> None:
    subscribe(services, address, "UA", name="Ukraine")
    tell(services, draft(f"ua-{address[:3]}", regions=("UA",)))


def test_a_scanner_opens_every_link_of_every_mail_ten_times_and_not_an_octet_changes(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    """Of the alert, of the link to join and of the one to come in; as nobody, and from a browser inside."""
    told(services, ANNA)
    inside.ask(f"/u/{services.links.token(Purpose.UNSUBSCRIBE, ANNA)}/manage", b"")
    inside.ask("/join", form(address=BOB, regions="Ukraine"))
    links = mailroom.every_link()
    pages = {urlsplit(link).path.split("/")[1] for link in links}
    assert pages >= {"u", "l", "r", "s", "join", "come-in"}
    me = session(services, ANNA)
    before = kept(services)
    for link in links:
        for headers in ({}, me):
            answers = [inside.ask(link, headers=headers, method=how) for how in ("HEAD", "GET") * 5]
            assert {answer.status for answer in answers} == {200}, link
            assert not any(answer.headers["Set-Cookie"] for answer in answers)
    assert kept(services) == before


@pytest.mark.parametrize("path", ["/join", "/me", "/me/history", "/me/data", "/"])
def test_no_page_that_is_looked_at_changes_anything(inside: Inside, services: Services, path: str) -> None:
    told(services, ANNA)
    me = session(services, ANNA)
    before = kept(services)
    assert {inside.ask(path, headers=me, method=how).status for how in ("GET", "HEAD")} <= {200, 405, 404}
    assert inside.ask(path, headers=me).status == 200
    assert kept(services) == before


def commands(services: Services, ask: Callable[[], object]) -> Counter[str]:
    """How often each command of the server is run meanwhile: that, not a clock, tells how long it takes."""

    def counted() -> Counter[str]:
        found: dict[str, dict[str, int]] = services.server.client.info("commandstats")
        names = {name.removeprefix("cmdstat_"): said["calls"] for name, said in found.items()}
        return Counter({name: n for name, n in names.items() if name.split("|")[0] not in MEASURING})

    before = counted()
    ask()
    return counted() - before


def test_neither_the_words_nor_the_work_of_an_answer_tell_who_is_known(
    inside: Inside, services: Services
) -> None:
    """New, subscribed, suppressed, complained, gone by themselves, erased."""
    subscribe(services, "known@example.org", "UA")
    suppress(services, OPERATOR, "gone@example.org")
    services.suppressions.add(EMAIL, "cross@example.org", "complained", "complaint")
    leave(services, LinkHolder("left@example.org"))
    subscribe(services, "erased@example.org", "UA")
    erase(services, OPERATOR, "erased@example.org", "erased@example.org")
    words, work = set[str](), list[Counter[str]]()

    def ask(address: str) -> None:
        answer = inside.ask("/join", form(address=address, regions="Ukraine"))
        words.add(answer.text.replace(address, ""))

    ask("first@example.org")  # scripts are loaded, connections made
    for who in ("new", "known", "gone", "cross", "left", "erased"):
        work.append(commands(services, lambda who=who: ask(f"{who}@example.org")))  # type: ignore[misc]
    assert len(words) == 1
    assert all(one == work[0] for one in work), work


def test_who_has_come_in_sees_nobody_elses_messages(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    told(services, ANNA)
    subscribe(services, BOB, "PL")
    [digest] = set(re.findall(r"/me/history/(\w+)|history/([ru][0-9a-f]{20})", seen(inside, services, ANNA)))
    path = f"/me/history/{digest[0] or digest[1]}"
    assert inside.ask(path, headers=session(services, ANNA)).status == 200
    assert inside.ask(path, headers=session(services, BOB)).status == 404
    assert inside.ask(path).status == 403
    assert ANNA not in seen(inside, services, BOB)


def seen(inside: Inside, services: Services, address: str) -> str:
    me = session(services, address)
    return "".join(inside.ask(path, headers=me).text for path in ("/me", "/me/history", "/me/data"))


def test_a_link_of_one_person_does_nothing_to_the_other_who_opens_it(
    inside: Inside, services: Services, mailroom: Mailroom
) -> None:
    """Bob was forwarded a mail of Anna's, and has come in to his own page: her link is about her alone."""
    told(services, ANNA)
    subscribe(services, BOB, "PL")
    bob = session(services, BOB)
    page = inside.ask(mailroom.link(ANNA, "u"), headers=bob).text
    assert "a…@example.org" in page
    assert BOB not in page
    inside.ask(f"{mailroom.link(ANNA, 'u')}", form(confirm="yes"), bob)
    assert services.suppressions.find(EMAIL, [BOB]) == {}
    assert set(services.suppressions.find(EMAIL, [ANNA])) == {ANNA}


def test_no_session_of_who_had_themselves_deleted_opens_anything(inside: Inside, services: Services) -> None:
    """On the phone it was pressed; the computer at home was still signed in."""
    told(services, ANNA)
    phone, home = session(services, ANNA), session(services, ANNA)
    [token, *_] = re.findall(r'name="token" value="(\w+)"', inside.ask("/me", headers=phone).text)
    gone = inside.ask("/me", form(token=token, deed="erase", address=ANNA), phone)
    assert "Your data has been deleted" in gone.text
    subscribe(services, ANNA, "UA")  # even if they come back: nobody is in who has not come in anew
    for who in (phone, home):
        for path in ("/me", "/me/history", "/me/data"):
            assert inside.ask(path, headers=who).status == 403
        assert inside.ask("/me", form(token=token, deed="pause", until="2030-01-01"), who).status == 403
