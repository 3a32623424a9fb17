"""People join, come in and change what they get: by the mail to their address, and by nothing else."""

import calendar
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from browsers import OURS, Browser
from doors import Answer
from house import OPERATOR, draft, tell, walk
from inside import Inside

from alerts.channels import CHANNELS, ChannelType, OutboxSender, read_outbox
from alerts.channels.email.shown import plain_text
from alerts.links import Purpose, list_key
from alerts.model import Channel, Filter, Standing, Subscription
from alerts.operations import Requested, audit
from alerts.operations.people.joining import ask_to_join, read_to_join
from alerts.operations.people.subscription_form import SubscriptionForm
from alerts.operations.subscribing import subscribers
from alerts.operations.subscribing.subscriber_details import find
from alerts.operations.subscribing.subscriptions import subscribe as subscribe_to
from alerts.operations.subscribing.suppressing import suppress
from alerts.operations.subscribing.unsubscribing import LinkHolder, leave
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.store import SUBSCRIBER, PersonSession
from alerts.store.one_time_links import TAPPED_TWICE_MS

ANNA, BOB = "anna@example.org", "bob@example.net"
UKRAINE = Subscription(Filter(("UA",)), name="Ukraine")


class Mailroom(OutboxSender):
    """An outbox of this test's own."""

    def __init__(self, folder: Path, kind: ChannelType) -> None:
        super().__init__(folder, kind)
        self.folder = folder


@pytest.fixture
def settings(bundled: Settings) -> Settings:
    return bundled.model_copy(update={"redis_url": None, "join": "open"})


@pytest.fixture
def services(settings: Settings, tmp_path: Path) -> Iterator[Services]:
    ready = connect(settings)
    ready.server.client.flushall()
    ready.own_senders = {name: Mailroom(tmp_path, kind) for name, kind in CHANNELS.items()}
    yield ready
    ready.close()


@pytest.fixture
def inside(services: Services) -> Inside:
    return Inside(services)


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def asked(inside: Inside, address: str = ANNA, **fields: str) -> Answer:
    return inside.ask("/join", form(**({"address": address, "q": "Ukraine"} | fields)))


def ask(services: Services, address: str, places: tuple[str, ...] = ("UA",)) -> None:
    """What the form asks for, whatever network it comes from."""
    ask_to_join(services, read_to_join(services, address, Requested(places)))


def mails(services: Services, address: str = ANNA) -> list[str]:
    """What is in the mailbox of an address: the text of each mail, the newest first."""
    walk(services)
    sender = services.senders[Channel("email")]
    assert isinstance(sender, Mailroom)
    kept = [item.raw for item in read_outbox(sender.folder) if item.address.lower() == address]
    return [plain_text(raw) for raw in kept]


def link(services: Services, address: str = ANNA) -> str:
    """The link in the newest mail that has one."""
    for text in mails(services, address):
        if found := re.search(r"https?://\S+/(?:join|come-in)/\S+", text):
            return found[0]
    raise AssertionError(f"no link was mailed to {address}")


def cookie(answer: Answer) -> dict[str, str]:
    """What a browser that was given a cookie shows from then on."""
    given = answer.headers["Set-Cookie"]
    assert given
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in given.split(";")}
    assert given.startswith("__Host-alerts=")
    return {"Cookie": given.split(";")[0]}


def come_in(inside: Inside, services: Services, address: str = ANNA) -> dict[str, str]:
    """The way from the footer of an email to one's own page."""
    token = services.links.token(Purpose.UNSUBSCRIBE, address)
    assert inside.ask(f"/u/{token}/manage", b"").status == 200
    return cookie(inside.ask(link(services, address), b""))


def press(inside: Inside, who: dict[str, str], deed: str, **fields: str) -> Answer:
    """Press a button of one's own page. What is done leads on by GET, so that going back repeats nothing."""
    [token, *_] = re.findall(r'name="token" value="(\w+)"', inside.ask("/me", headers=who).text)
    answer = inside.ask("/me", form(token=token, deed=deed, **fields), headers=who)
    if answer.status != 303:
        return answer
    return inside.ask(urljoin("/me", answer.headers["Location"]), headers=who)


def save(inside: Inside, who: dict[str, str], **fields: str) -> Answer:
    """Add a subscription on its page."""
    [token] = re.findall(r'name="token" value="(\w+)"', inside.ask("/me/subscriptions/new", headers=who).text)
    return inside.ask("/me/subscriptions/new", form(token=token, **fields), headers=who)


def soon() -> str:
    return str(datetime.now(UTC).date() + timedelta(days=7))


def names(services: Services, address: str = ANNA) -> list[str]:
    return sorted(s.name for s in find(services, address).subscriptions)


def one_time_keys(services: Services) -> list[bytes]:
    return list(services.server.client.scan_iter(match=services.server.keys("one_time", "*")))


def later(services: Services) -> None:
    """What was used up is gone: nobody taps twice as slowly."""
    for key in one_time_keys(services):
        if services.server.client.pttl(key) <= TAPPED_TWICE_MS:
            services.server.client.delete(key)


def known(services: Services, address: str = ANNA) -> bool:
    return services.subscribers.find(Channel("email"), address) is not None


def test_somebody_joins_by_the_mail_and_sees_what_they_get(inside: Inside, services: Services) -> None:
    assert "Get alerts by email" in inside.ask("/join").text
    assert "is on its way" in asked(inside, severity="severe", rhythm="daily", hour="07:30").text
    assert not known(services)
    confirm = link(services)
    assert "severe or worse" in inside.ask(confirm).text.lower()
    assert not known(services)
    joined = inside.ask(confirm, b"")
    assert "You are subscribed" in joined.text
    page = inside.ask("/me", headers=cookie(joined)).text
    assert ANNA in page
    assert "07:30" in page
    said = [(line.entry.action, line.entry.who) for line in audit(services, OPERATOR)]
    assert ("subscriber.join", ANNA) in said


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_opens_every_link_ten_times_and_nothing_changes(
    inside: Inside, services: Services, method: str
) -> None:
    asked(inside)
    confirm = link(services)
    assert {inside.ask(confirm, method=method).status for _ in range(10)} == {200}
    assert not known(services)
    inside.ask(confirm, b"")
    token = services.links.token(Purpose.UNSUBSCRIBE, ANNA)
    inside.ask(f"/u/{token}/manage", b"")
    way = link(services)
    assert {inside.ask(way, method=method).status for _ in range(10)} == {200}
    assert inside.ask(f"/u/{token}/manage", method=method).status == 404
    assert "Set-Cookie" not in inside.ask(way, method=method).headers
    cookie(inside.ask(way, b""))  # it still works


def test_a_link_works_once(inside: Inside, services: Services) -> None:
    asked(inside)
    confirm = link(services)
    inside.ask(confirm, b"")
    later(services)
    for again in (inside.ask(confirm), inside.ask(confirm, b"")):
        assert again.status == 404
        assert "Set-Cookie" not in again.headers
    come_in(inside, services)
    later(services)
    assert inside.ask(link(services), b"").status == 404


def test_who_taps_twice_comes_in_by_the_second_answer(inside: Inside, services: Services) -> None:
    """A browser shows the answer to the last tap, and drops the first with its cookie."""
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    token = services.links.token(Purpose.UNSUBSCRIBE, ANNA)
    inside.ask(f"/u/{token}/manage", b"")
    way = link(services)
    inside.ask(way, b"")
    assert ANNA in inside.ask("/me", headers=cookie(inside.ask(way, b""))).text
    assert 0 < services.server.client.pttl(one_time_keys(services)[0]) <= TAPPED_TWICE_MS


def test_the_answer_is_the_same_whoever_is_asked_about(inside: Inside, services: Services) -> None:
    """New, subscribed, suppressed, one who complained, one who left, and one whose domain may not."""
    services.settings = services.settings.model_copy(update={"join": "domains:example.org"})
    subscribers.add(services, OPERATOR, "known@example.org", [UKRAINE])
    suppress(services, OPERATOR, "gone@example.org")
    services.suppressions.add(Channel("email"), "cross@example.org", "complained", "complaint")
    leave(services, LinkHolder("left@example.org"))
    addresses = ["new@example.org", "known@example.org", "gone@example.org", "cross@example.org"]
    addresses += ["left@example.org", "other@example.com"]
    answers = {asked(inside, one).text.replace(one, "") for one in addresses}
    assert len(answers) == 1
    got = {one for one in addresses if mails(services, one)}
    assert got == {"new@example.org", "known@example.org", "left@example.org"}


def test_ten_thousand_sign_ups_with_one_address_are_three_mails(inside: Inside, services: Services) -> None:
    """However it is spelt: whatever anybody types, three a day."""
    statuses = set()
    for n in range(60):  # the network is paced first …
        statuses.add(asked(inside, ANNA.upper() if n % 2 else ANNA).status)
    assert statuses == {200, 429}
    for _ in range(10_000):  # … and from ten thousand networks it is the address
        ask(services, ANNA)
    assert len(mails(services)) == 3


def test_links_to_join_and_to_come_in_do_not_use_each_other_up(inside: Inside, services: Services) -> None:
    """Whoever had a forwarded mail, or typed an address three times, kept its holder out for a day."""
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    token = services.links.token(Purpose.UNSUBSCRIBE, ANNA)
    for _ in range(5):
        inside.ask(f"/u/{token}/manage", b"")
    assert len(mails(services)) == 3
    for _ in range(5):
        ask(services, ANNA, ("PL",))
    assert len(mails(services)) == 6
    come_in_links = [text for text in mails(services) if "/come-in/" in text]
    assert len(come_in_links) == 3


def test_all_addresses_of_one_mailbox_have_three_mails_together(inside: Inside, services: Services) -> None:
    """`anna+1@`, `anna+2@` … each had three of its own, and all of them came to Anna."""
    for n in range(12):
        ask(services, f"anna+{n}@example.org")
    ask(services, "+anna@example.org")  # nobody's name with something added
    ask(services, ANNA)
    walk(services)
    sender = services.senders[Channel("email")]
    assert isinstance(sender, Mailroom)
    got = sorted(item.address for item in read_outbox(sender.folder))
    assert got == ["+anna@example.org", *(f"anna+{n}@example.org" for n in range(3))]


@pytest.mark.parametrize("join", ["closed", "domains:example.net"])
def test_where_nobody_may_join_there_is_nothing_to_find(
    inside: Inside, services: Services, join: str
) -> None:
    asked(inside)
    confirm = link(services)
    services.settings = services.settings.model_copy(update={"join": join})
    assert inside.ask("/join").status == (404 if join == "closed" else 200)
    assert asked(inside).status == (404 if join == "closed" else 200)
    assert inside.ask(confirm, b"").status == 404  # allowed when it was mailed, and not any more
    assert not known(services)


def test_all_faults_of_a_form_come_back_at_once_with_what_was_typed(
    inside: Inside, services: Services
) -> None:
    wrong = asked(inside, ANNA, q="Ukrane", hour="25:00", rhythm="daily", zone="Nowhere")
    assert wrong.status == 422
    assert "No region is called “Ukrane”" in wrong.text
    assert "“25:00” is not a time of day" in wrong.text
    assert "“Nowhere” is not a time zone" in wrong.text
    assert 'value="Ukrane"' in wrong.text
    assert mails(services) == []
    assert asked(inside, "nobody").status == 422
    both = asked(inside, "nobody", q="Ukrane")
    assert "No email can be sent to “nobody”" in both.text
    assert "No region is called “Ukrane”" in both.text


def test_a_form_of_thousands_of_words_is_not_looked_up(inside: Inside, services: Services) -> None:
    """Each was compared with every name there is: 16 KB cost two seconds of a core, twenty at once."""
    words = ";".join(f"q{number:x}z" for number in range(61))
    answer = asked(inside, q=words)
    assert (answer.status, "More than 60 places" in answer.text) == (422, True)
    assert "No region is called" not in answer.text
    subscribers.add(services, OPERATOR, BOB, [UKRAINE])
    me = come_in(inside, services, BOB)
    answer = save(inside, me, q=words)
    assert (answer.status, "More than 60 places" in answer.text) == (422, True)
    assert "No region is called" not in answer.text
    assert asked(inside, q=";".join(["Ukraine"] * 60)).status == 200


def test_places_stand_between_the_semicolons_of_any_keyboard(inside: Inside) -> None:
    """An Arabic keyboard has only “؛”: with it between two places, the form knew neither."""
    assert asked(inside, q="Poland؛ Ukraine;Moldova؛").status == 200
    assert SubscriptionForm(q="Poland؛ Ukraine;Moldova؛").typed_places == ("Poland", "Ukraine", "Moldova")


def test_who_is_a_subscriber_adds_to_what_they_get(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    asked(inside, q="Poland")
    inside.ask(link(services), b"")
    assert names(services) == ["Poland", "Ukraine"]
    asked(inside, q="Poland")
    assert inside.ask(link(services), b"").status == 200
    assert names(services) == ["Poland", "Ukraine"]


def many(services: Services, number: int) -> None:
    """Anna gets as many subscriptions as there can be, or nearly."""
    wanted = [replace(UKRAINE, name=f"n{n}", cap=n + 1) for n in range(number)]
    subscribers.add(services, OPERATOR, ANNA, wanted)


def test_who_has_as_many_subscriptions_as_there_can_be_is_told_so(inside: Inside, services: Services) -> None:
    """They confirmed another, and read that our server did not answer; nor would it have, next time."""
    many(services, 100)
    asked(inside, q="Poland")
    answer = inside.ask(link(services), b"")
    assert (answer.status, "more than 100 subscriptions" in answer.text) == (409, True)
    assert "Set-Cookie" not in answer.headers
    assert len(find(services, ANNA).subscriptions) == 100


def test_a_list_does_not_come_back_to_who_has_filled_its_place(inside: Inside, services: Services) -> None:
    """The way back from leaving a list ended in the same sentence about our server."""
    many(services, 100)
    page = services.links.leaving(ANNA, [list_key("n0")])
    left = form(list=list_key("n0"))
    assert inside.ask(page, left).status == 200
    subscribe_to(services, OPERATOR, ANNA, Subscription(Filter(("PL",)), name="Poland"))
    answer = inside.ask(f"{page}/undo", left)
    assert (answer.status, "more than 100 subscriptions" in answer.text) == (409, True)


COMMAND = re.compile(r"`alerts |--[a-z]|ALERTS_")


@pytest.mark.parametrize(
    "regions", ["Xyzzyx", "ukrane", "ua", "San Jose; Santa Cruz; Santiago", "Yugoslavia", "Georgia, Georgia"]
)
def test_hints_on_pages_name_nothing_that_is_typed_into_a_shell(
    inside: Inside, services: Services, regions: str
) -> None:
    """Somebody on a phone read: “Look it up with `alerts regions find TEXT`.”"""
    answer = asked(inside, q=regions, zone="Nowhere")
    assert answer.status == 422
    assert not COMMAND.search(answer.text.partition("<main>")[2])  # before it are its styles
    assert re.search(r'id="wrong-(?:regions|zone)"><strong>[^<]+</strong> [A-Z]', answer.text)


def test_who_had_left_comes_back_by_joining_and_nobody_elses_word_is_lifted(
    inside: Inside, services: Services
) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    leave(services, LinkHolder(ANNA))
    asked(inside)
    confirm = link(services)
    inside.ask(confirm, b"")
    assert services.suppressions.find(Channel("email"), [ANNA]) == {}
    asked(inside, BOB)
    theirs = link(services, BOB)
    suppress(services, OPERATOR, BOB)
    inside.ask(theirs, b"")
    assert services.suppressions.find(Channel("email"), [BOB])[BOB].by != SUBSCRIBER


def test_a_forwarded_mail_lets_nobody_read_or_change_anything(inside: Inside, services: Services) -> None:
    """Whoever has the footer's link can have a mail sent to its owner, and see no more than one letter."""
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    token = services.links.token(Purpose.UNSUBSCRIBE, ANNA)
    answer = inside.ask(f"/u/{token}/manage", b"")
    assert ANNA not in answer.text
    assert "a…@example.org" in answer.text
    assert "Ukraine" not in answer.text
    assert "Set-Cookie" not in answer.headers
    assert inside.ask("/me").status == 403


def test_the_link_in_an_email_pauses_for_a_week_and_takes_it_back(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    link = f"/u/{services.links.token(Purpose.UNSUBSCRIBE, ANNA)}"
    for method in ("GET", "HEAD"):
        assert inside.ask(f"{link}/pause", method=method).status == 404
    assert "Paused for a week" in inside.ask(f"{link}/pause", b"").text
    paused = find(services, ANNA)
    assert paused.standing is Standing.PAUSED
    assert paused.paused_until_ms is not None
    assert abs(paused.paused_until_ms - services.server.now_ms() - 7 * 24 * 3_600_000) < 60_000
    assert inside.ask(f"{link}/resume", b"", {"Origin": "https://evil.example"}).status == 403
    assert "You get alerts again" in inside.ask(f"{link}/resume", b"").text
    assert find(services, ANNA).standing is Standing.ACTIVE
    stranger = f"/u/{services.links.token(Purpose.UNSUBSCRIBE, BOB)}"
    assert "nobody subscribes with it" in inside.ask(f"{stranger}/pause", b"").text


@pytest.mark.parametrize("days", [None, 30])
def test_the_link_in_an_email_neither_shortens_nor_ends_a_longer_pause(
    inside: Inside, services: Services, days: int | None
) -> None:
    """Whoever had a forwarded mail ended what its owner, or an operator, had paused for long or for good."""
    person = subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    until_ms = None if days is None else services.server.now_ms() + days * 24 * 3_600_000
    longer = replace(person, standing=Standing.PAUSED, paused_until_ms=until_ms)
    services.subscribers.save(longer, person)
    link = f"/u/{services.links.token(Purpose.UNSUBSCRIBE, ANNA)}"
    for path in ("pause", "resume", "pause"):
        answer = inside.ask(f"{link}/{path}", b"")
        assert "paused for longer" in answer.text
        assert "<form" not in answer.text
        found = find(services, ANNA)
        assert (found.standing, found.paused_until_ms) == (Standing.PAUSED, until_ms)


def test_a_stranger_is_mailed_no_way_in(inside: Inside, services: Services) -> None:
    token = services.links.token(Purpose.UNSUBSCRIBE, BOB)
    assert inside.ask(f"/u/{token}/manage", b"").status == 200
    assert mails(services, BOB) == []


def test_their_page_does_what_its_buttons_say(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    me = come_in(inside, services)
    assert save(inside, me, q="Poland; Moldova", rhythm="weekly", day="mon", hour="09:00").status == 303
    assert names(services) == ["Moldova, Poland", "Ukraine"]
    wrong = save(inside, me, q="Polland")
    assert (wrong.status, "No region is called" in wrong.text) == (422, True)
    assert "asks for the same" in save(inside, me, q="Ukraine").text
    [key] = re.findall(
        r'<bdi>Ukraine</bdi>.*?name="list" value="(\w+)"', inside.ask("/me", headers=me).text, re.S
    )
    press(inside, me, "end", list=key)
    assert names(services) == ["Moldova, Poland"]
    press(inside, me, "back", list=key)
    assert sorted(names(services)) == ["Moldova, Poland", "Ukraine"]
    today = datetime.now(UTC).date()
    press(inside, me, "pause", until=f"{today + timedelta(days=3)}")
    paused = find(services, ANNA)
    assert paused.standing is Standing.PAUSED
    assert paused.paused_until_ms == calendar.timegm((today + timedelta(days=3)).timetuple()) * 1000
    assert "Paused until" in inside.ask("/me", headers=me).text
    for until in (today, today + timedelta(days=367), "", "x", "2026-02-30", "20261224T00"):
        assert press(inside, me, "pause", until=str(until)).status == 422
    press(inside, me, "resume")
    assert find(services, ANNA).standing is Standing.ACTIVE
    page = press(inside, me, "language", language="uk")
    assert (page.headers["Content-Language"], "<h1>Ваші сповіщення</h1>" in page.text) == ("uk", True)
    assert '<option value="uk" lang="uk" selected>' in page.text
    assert find(services, ANNA).language == "uk"
    for language in ("", "de", "UK"):
        assert press(inside, me, "language", language=language).status == 422
    assert find(services, ANNA).language == "uk"
    press(inside, me, "language", language="en")
    assert press(inside, me, "nonsense").status == 422
    by = {line.entry.door for line in audit(services, OPERATOR) if line.entry.who == ANNA}
    assert by == {"own page"}


def test_to_end_the_last_one_can_be_undone_there_but_for_what_others_decided(
    inside: Inside, services: Services
) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    me = come_in(inside, services)
    [key] = re.findall(r'name="list" value="(\w+)"', inside.ask("/me", headers=me).text)
    assert "no more emails" in press(inside, me, "end", list=key).text
    assert services.suppressions.find(Channel("email"), [ANNA])
    assert "You will get alerts again" in press(inside, me, "come-back").text
    assert services.suppressions.find(Channel("email"), [ANNA]) == {}
    suppress(services, OPERATOR, ANNA)
    assert "Get alerts again" not in inside.ask("/me", headers=me).text
    assert press(inside, me, "come-back").status == 422
    assert services.suppressions.find(Channel("email"), [ANNA])


def told(services: Services, update: str, **changes: object) -> None:
    tell(services, draft(update, regions=("UA",), **changes))


def test_what_they_were_sent_is_read_muted_and_heard_of_again(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    told(services, "ua-talks", headline="Talks <go> on")
    me = come_in(inside, services)
    own = inside.ask("/me", headers=me).text
    assert "<strong>1 alert in 1 email</strong>" in own
    history = inside.ask("/me/history", headers=me).text
    assert "Talks &lt;go&gt; on" in history
    [where] = set(re.findall(r'href="(history/[ru][0-9a-f]{20})"', history))
    assert "Talks &lt;go&gt; on" in inside.ask(f"/me/{where}", headers=me).text
    [token, *_] = re.findall(r'name="token" value="(\w+)"', history)
    assert inside.ask("/me/history", form(token="x", update="ua-talks"), headers=me).status == 403
    muted = inside.ask("/me/history", form(token=token, update="ua-talks"), headers=me)
    assert "You will hear no more about “Talks &lt;go&gt; on”" in muted.text
    assert 'name="update"' not in muted.text
    assert inside.ask("/me/history", form(token=token, update="nothing"), headers=me).status == 200
    assert "What you have muted" in inside.ask("/me", headers=me).text
    assert "again" in press(inside, me, "unmute", update="ua-talks").text
    assert "again" in press(inside, me, "unmute", update="ua-talks").text  # twice is once
    assert press(inside, me, "unmute", update="nothing").status == 200
    assert "What you have muted" not in inside.ask("/me", headers=me).text
    by = {(line.entry.action, line.entry.door) for line in audit(services, OPERATOR)}
    assert {("subscriber.mute", "own page"), ("subscriber.unmute", "own page")} <= by


def test_nobody_reads_a_message_that_was_not_theirs(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    subscribers.add(services, OPERATOR, BOB, [Subscription(Filter(("PL",)))])
    told(services, "ua-talks")
    [digest] = services.updates.digests("ua-talks")
    bob = come_in(inside, services, BOB)
    assert inside.ask(f"/me/history/{digest}", headers=bob).status == 404
    assert inside.ask(f"/me/history/{digest}").status == 403
    assert inside.ask("/me/history").status == inside.ask("/me/data").status == 403


def test_all_that_is_kept_can_be_taken_along_and_then_deleted(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    told(services, "ua-talks")
    me = come_in(inside, services)
    kept = inside.ask("/me/data", headers=me)
    assert "attachment" in kept.headers["Content-Disposition"]
    assert json.loads(kept.text)["address"] == ANNA
    assert press(inside, me, "erase", address=BOB).status == 422
    assert known(services)
    gone = press(inside, me, "erase", address=ANNA)
    assert "Your data has been deleted" in gone.text
    assert "Max-Age=0" in gone.headers["Set-Cookie"]
    assert not known(services)
    assert inside.ask("/me", headers=me).status == 403


def test_a_session_ends_when_it_is_left(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    me = come_in(inside, services)
    left = press(inside, me, "out")
    assert "Max-Age=0" in left.headers["Set-Cookie"]
    assert inside.ask("/me", headers=me).status == 403


def test_a_session_is_of_who_came_in_and_ends_with_them(inside: Inside, services: Services) -> None:
    """Removed and added again, or another person under the same number: it opens nobody's page."""
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    me = come_in(inside, services)
    subscribers.remove(services, OPERATOR, ANNA)
    assert inside.ask("/me", headers=me).status == 403
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    assert inside.ask("/me", headers=me).status == 403
    bob = subscribers.add(services, OPERATOR, BOB, [UKRAINE])
    services.sessions.open("as if", PersonSession(bob.sid, ANNA), 60)
    assert inside.ask("/me", headers={"Cookie": "__Host-alerts=as if"}).status == 403


def test_no_other_site_and_no_other_session_can_send_a_form(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    subscribers.add(services, OPERATOR, BOB, [UKRAINE])
    anna, bob = come_in(inside, services), come_in(inside, services, BOB)
    [token, *_] = re.findall(r'name="token" value="(\w+)"', inside.ask("/me", headers=anna).text)
    for headers, given in (
        (bob, token),
        (anna, ""),
        (anna, token[:-1] + ("0" if token[-1] != "0" else "1")),
        (anna, "é"),
        (anna | {"Origin": "https://evil.example"}, token),
        (anna | {"Origin": "null"}, token),
        ({}, token),
    ):
        sent = inside.ask("/me", form(token=given, deed="pause", until=soon()), headers=headers)
        assert sent.status == 403
    for address in (ANNA, BOB):
        assert find(services, address).standing is Standing.ACTIVE
    ours = anna | {"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:8000"}
    assert inside.ask("/me", form(token=token, deed="pause", until=soon()), headers=ours).status == 303


@pytest.mark.parametrize("metadata", [True, False])
def test_a_browser_may_send_every_form_of_our_pages(
    inside: Inside, services: Services, *, metadata: bool
) -> None:
    """Pages were sent with `no-referrer`, under which browsers say `Origin: null`: every form was refused."""
    browser = Browser(inside, metadata=metadata)
    browser.open("/join")
    asked = browser.press("Send me a link", {"address": ANNA, "q": "Ukraine"})
    assert "is on its way" in asked.text
    browser.open(urlsplit(link(services)).path)
    assert "You are subscribed" in browser.press("Yes, send them to me", {}).text
    footer = f"/u/{services.links.token(Purpose.UNSUBSCRIBE, ANNA)}"
    browser.open(footer)
    assert "Paused for a week" in browser.press("Pause for a week", {}).text
    assert "You get alerts again" in browser.press("Undo", {}).text
    browser.open(footer)
    assert "is on its way" in browser.press("Send me a link", {}).text
    browser.open(urlsplit(link(services)).path)
    assert "What you get" in browser.press("Open my page", {}).text
    browser.open("/me/subscriptions/new")
    assert "It has been added" in browser.press("Add it", {"q": "Poland"}).text
    assert "Paused until" in browser.press("Pause", {"until": soon()}).text
    assert "You are signed out" in browser.press("Sign out on this device", {}).text


@pytest.mark.parametrize(
    "says",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://evil.127.0.0.1:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": ""},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": ""},
        {"Origin": "http://["},
    ],
)
def test_no_other_site_can_have_a_browser_send_a_form(
    inside: Inside, services: Services, says: dict[str, str]
) -> None:
    """Else it could have somebody come in as its author, who then reads what they type (login CSRF)."""
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    token = services.links.token(Purpose.UNSUBSCRIBE, ANNA)
    inside.ask(f"/u/{token}/manage", b"")
    way = link(services)
    asked(inside, BOB)
    confirm = link(services, BOB)
    headers = {"Host": "127.0.0.1:8000"} | says
    for path in ("/join", confirm, way, f"/u/{token}/manage", f"/u/{token}/pause", f"/u/{token}/resume"):
        answer = inside.ask(path, form(address=BOB, q="Ukraine"), headers)
        assert (answer.status, answer.headers["Set-Cookie"]) == (403, None), path
    assert not known(services, BOB)
    assert find(services, ANNA).standing is Standing.ACTIVE


def test_a_token_of_one_purpose_opens_no_other_door(inside: Inside, services: Services) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    asked(inside, BOB)
    confirm = link(services, BOB).rpartition("/")[2]
    token = services.links.token(Purpose.UNSUBSCRIBE, ANNA)
    inside.ask(f"/u/{token}/manage", b"")
    way = link(services).rpartition("/")[2]
    everywhere = [services.links.token(purpose, ANNA) for purpose in Purpose]
    for path, tokens in (
        ("join", [way, *everywhere]),
        ("come-in", [confirm, *everywhere]),
        ("u", [way, confirm]),
        ("l", [way, confirm]),
        ("r", [way, confirm]),
        ("s", [way, confirm]),
    ):
        for one in tokens:
            assert inside.ask(f"/{path}/{one}").status == 404
            assert inside.ask(f"/{path}/{one}", b"").status == 404
    stolen = confirm.partition(".")[0]  # what who reads Redis has
    assert inside.ask(f"/join/{stolen}", b"").status == 404
    assert not known(services, BOB)


def test_no_key_of_the_server_holds_what_a_browser_or_a_link_shows(
    inside: Inside, services: Services
) -> None:
    subscribers.add(services, OPERATOR, ANNA, [UKRAINE])
    asked(inside, BOB)
    secrets = [link(services, BOB).rpartition(".")[2]]
    secrets.append(come_in(inside, services)["Cookie"].partition("=")[2])
    client = services.server.client
    everything = b"\n".join(
        key + b" " + (client.dump(key) or b"")
        for key in client.scan_iter(match=f"{services.server.keys.prefix}*")
    )
    assert not [secret for secret in secrets if secret.encode() in everything]
