"""The link in a message opens all that the message told, to whom it was sent, and changes nothing."""

import re
from base64 import urlsafe_b64encode

import pytest
from doors import Door
from house import draft, subscribe, tell

from alerts.channels import identity
from alerts.links import Purpose
from alerts.model import Channel, Kind, Severity, State, Subscriber
from alerts.services import Services

ANNA = "anna@example.org"


def link_sent(services: Services, person: Subscriber, update: str) -> str:
    """The path of the link in the latest mail that tells this person of an update."""
    digests = [d for d in services.updates.digests(update) if services.ledger.find(person.sid, [d])]
    latest = max(digests, key=lambda name: services.digests.get(name).horizon_ms)
    mail = (services.settings.outbox / "email" / latest / f"{person.sid}.eml").read_text()
    joined = mail.replace("=\n", "")
    found = re.findall(r"View in browser: (\S+)", joined)
    assert found, "every mail has one"
    return str(found[0]).removeprefix(services.settings.public_url)


def everything(services: Services) -> dict[bytes, bytes | None]:
    """All that is kept, key by key."""
    client = services.server.client
    return {key: client.dump(key) for key in sorted(client.scan_iter())}


@pytest.fixture
def anna(services: Services) -> Subscriber:
    return subscribe(services, ANNA, "UA")


def test_a_mail_leads_to_all_that_it_told(door: Door, services: Services, anna: Subscriber) -> None:
    """Two thirds of a text could be missing from a mail, and there was nowhere to read it."""
    long = "\n\n".join(
        f"Paragraph {n} of many, each as long as a sentence or two of a report." for n in range(3_000)
    )
    tell(services, draft(body=long[:99_000], url=""))
    link = link_sent(services, anna, "ua-talks")
    shown = door.ask(link)
    assert shown.status == 200
    assert "Paragraph 1300 of many" in shown.text
    assert "Talks resume in Istanbul" in shown.text
    assert ANNA not in shown.text
    assert door.ask(f"{link}/ua-talks").text == shown.text


def test_a_page_is_neither_stored_indexed_nor_told_to_others(
    door: Door, services: Services, anna: Subscriber
) -> None:
    tell(services, draft())
    shown = door.ask(link_sent(services, anna, "ua-talks"))
    assert shown.headers["Cache-Control"] == "no-store"
    assert shown.headers["Referrer-Policy"] == "same-origin"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert 'content="noindex"' in shown.text
    assert "<script" not in shown.text
    assert "style=" not in shown.text
    assert {"Set-Cookie", "Location"}.isdisjoint(shown.headers)


def test_looking_ten_times_changes_nothing(door: Door, services: Services, anna: Subscriber) -> None:
    tell(services, draft())
    link = link_sent(services, anna, "ua-talks")
    before = everything(services)
    for _ in range(10):
        for path in (link, f"{link}/ua-talks", f"{link}/nothing", f"{link}x"):
            for method in ("GET", "HEAD"):
                door.ask(path, method=method)
    assert everything(services) == before
    for path in (link, f"{link}/ua-talks"):
        assert door.ask(path, b"confirm=yes").status == 404


def test_every_link_that_does_not_work_answers_the_same(
    door: Door, services: Services, anna: Subscriber
) -> None:
    """Whether it is forged, of another purpose, of somebody else, or of what was not sent to them."""
    bob = subscribe(services, "bob@example.org", "DE")
    tell(services, draft())
    tell(services, draft("de-flood", regions=("DE",)))
    token = link_sent(services, anna, "ua-talks").rpartition("/")[2]
    bobs = link_sent(services, bob, "de-flood").rpartition("/")[2]
    digest, batch, sid = services.links.read_delivery(token)
    seal = token.rpartition(".")[2]
    other = "".join("B" if letter == "A" else "A" for letter in seal)
    wrong = {
        "nothing": "",
        "a token to unsubscribe": services.links.token(Purpose.UNSUBSCRIBE, identity(Channel("email"), ANNA)),
        "a token of a person for this purpose": services.links.token(Purpose.READ, ANNA),
        "forged": f"v2.r.{digest}.{batch}.{sid}.{other}",
        "cut short": token[:-1],
        "with more behind": f"{token}A",
        "with padding": f"{token}==",
        "another's number": f"v2.r.{digest}.{batch}.{bob.sid}.{seal}",
        "with a zero before it": f"v2.r.{digest}.0{batch}.{sid}.{seal}",
        "another's digest": f"v2.r.{services.links.read_delivery(bobs).digest}.{batch}.{sid}.{seal}",
        "somebody it was not sent to": services.links.reading(digest, batch, bob.sid),
        "a batch that is not theirs": services.links.reading(digest, batch + 1, sid),
        "a digest that is not kept": services.links.reading("r" + "0" * 20, batch, sid),
        "a sample": services.links.reading(digest, 0, sid),
        "random": urlsafe_b64encode(b"x" * 30).decode(),
        "very long": "v2.r." + "z" * 5_000,
    }
    nowhere = door.ask("/r/nowhere")
    assert nowhere.status == 404
    for sentence, bent in wrong.items():
        for path in (f"/r/{bent}", f"/r/{bent}/ua-talks"):
            answer = door.ask(path)
            assert (answer.status, answer.text) == (404, nowhere.text), sentence
    for update in ("de-flood", "no-such-update", "ua-talks.r1", "..%2f..%2fetc"):
        answer = door.ask(f"/r/{token}/{update}")
        assert (answer.status, answer.text) == (404, nowhere.text), update
    assert door.ask(f"/u/{token}").status == 404
    assert door.ask(f"/u/{token}", b"List-Unsubscribe=One-Click").status == 404


def test_no_log_has_a_token_to_read(door: Door, services: Services, anna: Subscriber) -> None:
    tell(services, draft())
    link = link_sent(services, anna, "ua-talks")
    door.ask(link)
    door.ask(f"{link}x")
    assert link.rpartition("/")[2] not in door.log.read_text()


def test_who_was_removed_reads_on_what_they_were_sent_also_when_added_again(
    door: Door, services: Services, anna: Subscriber
) -> None:
    """The mail is in their mailbox; a list that is cleared and imported anew must not break its links."""
    tell(services, draft())
    link = link_sent(services, anna, "ua-talks")
    services.subscribers.remove(anna)
    assert door.ask(link).status == 200
    subscribe(services, ANNA, "UA")
    assert door.ask(link).status == 200


def test_a_link_ends_with_its_digest(door: Door, services: Services, anna: Subscriber) -> None:
    tell(services, draft())
    link = link_sent(services, anna, "ua-talks")
    for key in services.server.client.scan_iter("*digest:*"):
        services.server.client.delete(key)
    ended = door.ask(link)
    assert (ended.status, ended.text) == (404, door.ask("/r/nowhere").text)


@pytest.mark.parametrize("state", [State.SUPPRESSED, State.WITHDRAWN, State.EXPIRED, State.FAILED])
def test_a_delivery_that_never_left_opens_nothing(
    door: Door, services: Services, anna: Subscriber, state: State
) -> None:
    tell(services, draft())
    link = link_sent(services, anna, "ua-talks")
    digest, batch, sid = services.links.read_delivery(link.rpartition("/")[2])
    services.server.client.hset(
        services.server.keys("digest", digest, "batch", batch), sid, f"{state.value}1+0"
    )
    assert door.ask(link).status == 404


def test_a_later_revision_is_announced_and_not_shown(
    door: Door, services: Services, anna: Subscriber
) -> None:
    """Whoever opens an old mail must not act on what was corrected; what was not sent stays unread."""
    tell(services, draft())
    link = link_sent(services, anna, "ua-talks")
    assert "since" not in door.ask(link).text
    tell(services, draft(headline="The venue moved", regions=("RU",), kind=Kind.UPDATE))
    revised = door.ask(link).text
    assert "Revised since" in revised
    assert "The venue moved" not in revised
    tell(services, draft(headline="No talks take place", kind=Kind.CORRECTION))
    assert "Corrected since" in door.ask(link).text
    tell(services, draft(headline="There never were talks", kind=Kind.RETRACTION))
    retracted = door.ask(link).text
    assert "Retracted since" in retracted
    assert "There never were talks" not in retracted
    assert "Talks go on between" in retracted


def test_what_was_held_or_taken_back_is_nowhere(door: Door, services: Services, anna: Subscriber) -> None:
    """r2 was taken back before anybody saw it, r4 is held: neither is read, nor said to be there."""
    tell(services, draft())
    held = services.updates.publish(draft(headline="Nobody saw this", kind=Kind.UPDATE), 9_999_999_999_999)
    services.updates.withdraw(held.revision.ref, "a slip")
    assert "since" not in door.ask(link_sent(services, anna, "ua-talks")).text
    tell(services, draft(headline="The talks are over", kind=Kind.UPDATE))
    link = link_sent(services, anna, "ua-talks")
    services.updates.publish(draft(headline="Nor this, yet", kind=Kind.UPDATE), 9_999_999_999_999)
    shown = door.ask(link).text
    assert "The talks are over" in shown
    assert "Talks go on between" in shown
    assert "Nobody saw this" not in shown
    assert "Nor this, yet" not in shown
    assert "since" not in shown


def test_a_story_tells_what_changed_in_each_revision(
    door: Door, services: Services, anna: Subscriber
) -> None:
    tell(services, draft(severity=Severity.MINOR))
    tell(services, draft(severity=Severity.MODERATE, kind=Kind.UPDATE, note="They sat down."))
    tell(services, draft(severity=Severity.SEVERE, kind=Kind.UPDATE, note="They stood up."))
    shown = door.ask(link_sent(services, anna, "ua-talks")).text
    parts = [shown.index(words) for words in ("They stood up.", "Before that", "They sat down.")]
    assert parts == sorted(parts)
    assert "Severity rose: Moderate → Severe" in shown[: parts[1]]
    assert "Severity rose: Minor → Moderate" in shown[parts[1] :]
