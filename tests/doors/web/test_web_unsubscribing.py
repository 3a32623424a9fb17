"""The link in an email: looking changes nothing, one click is enough, and nobody else's link works."""

import re
from urllib.parse import urljoin

import pytest
from doors import Door
from house import draft, subscribe, tell, walk

from alerts.channels import identity
from alerts.links import Purpose
from alerts.model import Channel, Subscriber
from alerts.operations.subscribing.suppressing import COMPLAINT, OPERATOR, SUBSCRIBER
from alerts.operations.subscribing.unsubscribing import BY_LINK
from alerts.services import Services
from alerts.store import Suppression

ONE_CLICK = b"List-Unsubscribe=One-Click"
CONFIRM = b"confirm=yes"
MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
HOSTILE = [
    pytest.param(b"", "application/x-www-form-urlencoded", id="an empty form"),
    pytest.param(b"List-Unsubscribe=", "application/x-www-form-urlencoded", id="no value"),
    pytest.param(b"list-unsubscribe=no", "application/x-www-form-urlencoded", id="another value"),
    pytest.param(b"&".join([b"a=b"] * 50 + [CONFIRM]), "application/x-www-form-urlencoded", id="50 fields"),
    pytest.param(b"\xff\xfe%00=%ff", "application/x-www-form-urlencoded", id="not a text"),
    pytest.param(ONE_CLICK, "multipart/form-data", id="multipart that is none"),
    pytest.param(MULTIPART, "multipart/form-data; boundary=other", id="another boundary"),
    pytest.param(MULTIPART, "multipart/form-data; boundary*=x'y'%ff", id="a boundary in RFC 2231"),
    pytest.param(
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b--",
        "multipart/form-data; boundary=b",
        id="parts within parts",
    ),
    pytest.param(b'{"confirm": "yes"}', "application/json", id="JSON"),
]


@pytest.fixture
def anna(services: Services) -> Subscriber:
    return subscribe(services, "anna@example.org", "UA")


@pytest.fixture
def link(services: Services, anna: Subscriber) -> str:
    return services.links.unsubscribe(identity(Channel("email"), anna.address))


def standing(services: Services, address: str = "anna@example.org") -> Suppression | None:
    return services.suppressions.find(Channel("email"), [address]).get(address)


def mails(services: Services, address: str) -> int:
    files = services.settings.outbox.rglob("*.eml")
    return sum(f"\nTo: {address}" in path.read_text().replace("\r", "") for path in files)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_two_hundred_times_changes_nothing(
    door: Door, services: Services, link: str, method: str
) -> None:
    statuses = {door.ask(link, method=method).status for _ in range(200)}
    assert statuses == {404 if method == "OPTIONS" else 200}
    assert standing(services) is None


def test_the_question_says_what_will_happen_and_shows_no_address_whole(door: Door, link: str) -> None:
    asked = door.ask(link)
    assert "<strong>a…@example.org</strong> will get no more emails from us" in asked.text
    assert "anna" not in asked.text
    assert (
        asked.text.count("<form") == asked.text.count("<button") == 3
    )  # the others pause, and have a link mailed
    assert "href" not in asked.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (ONE_CLICK, "Application/X-WWW-Form-Urlencoded; charset=utf-8"),
        (MULTIPART, "multipart/form-data; boundary=b"),
        (MULTIPART, 'Multipart/Form-Data; boundary="b"'),
        (ONE_CLICK + b"\r\n", "application/x-www-form-urlencoded"),
        (ONE_CLICK + b"\n", "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=One%2DClick", "application/x-www-form-urlencoded"),
        (MULTIPART.replace(b"One-Click", b"One-Click\r\n"), "multipart/form-data; boundary=b"),
        (ONE_CLICK, "text/plain"),
    ],
)
def test_one_click_in_a_mail_program_is_enough(
    door: Door, services: Services, link: str, body: bytes, kind: str
) -> None:
    """RFC 8058: no page to read, no cookie, no redirect. A line break behind it made it do nothing."""
    done = door.ask(link, body, kind)
    assert (done.status, done.text) == (200, "You will get no more emails from us.\n")
    assert "Location" not in done.headers
    assert "Set-Cookie" not in done.headers
    left = standing(services)
    assert left
    assert (left.by, left.reason) == (SUBSCRIBER, BY_LINK)


@pytest.mark.parametrize("body", [ONE_CLICK, CONFIRM])
def test_the_same_form_fifty_times_is_one_change(
    door: Door, services: Services, link: str, body: bytes
) -> None:
    first = door.ask(link, body)
    left = standing(services)
    again = {(a.status, a.text) for a in (door.ask(link, body) for _ in range(50))}
    assert again == {(200, first.text)}
    assert standing(services) == left


@pytest.mark.parametrize(("body", "kind"), HOSTILE)
def test_a_form_that_says_neither_is_a_mistake_and_is_asked_again(
    door: Door, services: Services, link: str, body: bytes, kind: str
) -> None:
    """A mail program that was told 200 says “you have left”, and nothing was done."""
    asked = door.ask(link, body, kind)
    assert (asked.status, asked.text) == (400, door.ask(link).text)
    assert "<button" in asked.text
    assert standing(services) is None


def test_who_confirms_gets_nothing_any_more_and_who_undoes_it_does_again(
    door: Door, services: Services, link: str
) -> None:
    def told(update: str) -> int:
        before = mails(services, "anna@example.org")
        tell(services, draft(update))
        return mails(services, "anna@example.org") - before

    assert told("first") == 1
    done = door.ask(link, CONFIRM)
    assert "You will get no more emails from us." in done.text
    assert told("second") == 0
    [action] = re.findall(r'action="([^"]+)"', done.text)
    undone = door.ask(urljoin(link, action), b"")
    assert (undone.status, "as before" in undone.text) == (200, True)
    assert standing(services) is None
    before = mails(services, "anna@example.org")
    walk(services)
    assert mails(services, "anna@example.org") == before + 1  # the second, which they missed meanwhile
    assert told("third") == 1


def test_undoing_twice_is_undoing_once(door: Door, services: Services, link: str) -> None:
    door.ask(link, CONFIRM)
    assert door.ask(f"{link}/undo", b"").text == door.ask(f"{link}/undo", b"").text
    assert standing(services) is None


@pytest.mark.parametrize(
    ("by", "reason"),
    [(OPERATOR, "court order"), (COMPLAINT, "complained"), (SUBSCRIBER, "wrote to us"), ("email", "5.1.1")],
)
def test_undoing_lifts_nothing_that_was_not_done_by_the_link(
    door: Door, services: Services, link: str, by: str, reason: str
) -> None:
    services.suppressions.add(Channel("email"), "anna@example.org", reason, by)
    for body in (b"", CONFIRM, b""):
        if body:
            done = door.ask(link, body)
            assert "You will get no more emails from us." in done.text
            assert "Undo" not in done.text
        undone = door.ask(f"{link}/undo", b"")
        assert "You will get no more emails from us." in undone.text
        left = standing(services)
        assert left
        assert reason in left.reason


def test_the_word_of_somebody_whose_mail_bounced_outlasts_the_bounce(
    door: Door, services: Services, link: str
) -> None:
    """An operator who mends the address later must not write again to somebody who has left."""
    services.suppressions.add(Channel("email"), "anna@example.org", "5.1.1 no such user", "email")
    door.ask(link, ONE_CLICK)
    left = standing(services)
    assert left
    assert (left.by, left.reason) == (SUBSCRIBER, f"{BY_LINK}; before: 5.1.1 no such user")


def test_a_link_with_any_character_changed_is_nobodys(
    door: Door, services: Services, link: str, anna: Subscriber
) -> None:
    token = services.links.token(Purpose.UNSUBSCRIBE, anna.address)
    nobody = door.ask("/u/nobody")
    for i, was in enumerate(token):
        tampered = f"/u/{token[:i]}{'A' if was != 'A' else 'B'}{token[i + 1 :]}"
        for refused in (door.ask(tampered), door.ask(tampered, ONE_CLICK), door.ask(f"{tampered}/undo", b"")):
            assert (refused.status, refused.text) == (404, nobody.text)
    assert standing(services) is None


def test_a_token_for_another_purpose_or_for_nobody_opens_nothing(
    door: Door, services: Services, link: str, anna: Subscriber
) -> None:
    nobody = door.ask("/u/nobody")
    token = services.links.token(Purpose.UNSUBSCRIBE, anna.address)
    for other in (
        token.replace(".u.", ".p."),
        token.replace("v2", "v1"),
        token.replace("v2", "v3"),
        "%C3%A9%00.%F0%9F%98%80",
        "x" * 5_000,
    ):
        for refused in (door.ask(f"/u/{other}"), door.ask(f"/u/{other}", ONE_CLICK)):
            assert (refused.status, refused.text) == (404, nobody.text)


def test_a_scanner_that_follows_everything_and_submits_nothing_leaves_everybody_subscribed(
    door: Door, services: Services, link: str
) -> None:
    """Whole staffs were unsubscribed by their own virus scanner."""
    seen: set[str] = set()
    found = [link]
    while found:
        at = found.pop()
        if at not in seen:
            seen.add(at)
            found += [
                urljoin(at, to) for to in re.findall(r'(?:href|src|action)="([^"]*)"', door.ask(at).text)
            ]
            found += [] if at.endswith("/undo") else [f"{at}/undo"]
    others = [f"{link}/{way}" for way in ("manage", "pause")]
    assert seen == {link, f"{link}/undo", *others, *(f"{other}/undo" for other in others)}
    assert standing(services) is None


def test_a_body_longer_than_any_such_form_is_refused(door: Door, services: Services, link: str) -> None:
    assert door.ask(link, CONFIRM + b"&x=" + b"x" * 1_010).status == 200
    for path in (link, f"{link}/undo"):
        assert door.ask(path, ONE_CLICK + b"&x=" + b"x" * 1_000).status == 413
        assert door.ask(path, b"x" * 200_000).status == 413
