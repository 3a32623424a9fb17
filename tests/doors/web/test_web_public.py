"""What everybody may read: nothing unless a setting has it so, and then what is meant for them, no more."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from clocked import clocked, move_to, ms
from house import draft, subscribe, tell
from inside import Inside

from alerts.doors.web.public import FEEDS_AT_ONCE, FEEDS_PER_S, PAGES_AT_ONCE, PAGES_PER_S
from alerts.model import Draft, Kind, Severity, Status
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps

A = "{http://www.w3.org/2005/Atom}"
HOME = "https://alerts.example.org"
LONG_MS = 9_999_999_999_999


@pytest.fixture
def nobody(services: Services) -> Inside:
    """The door where nothing is for everybody."""
    return inside(services, "off")


@pytest.fixture
def everybody(services: Services) -> Inside:
    """The door where all is open."""
    return inside(services, "open")


@pytest.fixture
def with_link(services: Services) -> Inside:
    """The door where nothing is listed."""
    return inside(services, "unlisted")


def inside(services: Services, public: str) -> Inside:
    services.settings = services.settings.model_copy(update={"public": public, "public_url": HOME})
    return Inside(services)


def publish(services: Services, content: Draft, held_until_ms: int | None = None) -> None:
    steps.publish(services, content, held_until_ms)


def sealed(services: Services, update: str = "ua-talks") -> str:
    return f"/s/{services.links.public_name(update)}"


def titles(door: Inside, query: str = "") -> list[str]:
    found = door.ask(f"/feeds/atom{query}")
    assert found.status == 200, found.text
    return [str(entry.findtext(f"{A}title")) for entry in ET.fromstring(found.text).iter(f"{A}entry")]


def test_nothing_is_for_everybody_unless_somebody_says_so(nobody: Inside, services: Services) -> None:
    publish(services, draft())
    nowhere = nobody.ask("/s/nowhere")
    for path in ("/s/ua-talks", sealed(services), f"{sealed(services)}/1.cap", "/feeds/atom", "/feeds/json"):
        answer = nobody.ask(path)
        assert (answer.status, answer.text) == (404, nowhere.text), path


def test_a_page_says_what_is_known_now_and_then_what_changed(everybody: Inside, services: Services) -> None:
    publish(services, draft(severity=Severity.MINOR, author="Olga Petrenko"))
    publish(services, draft(severity=Severity.MODERATE, kind=Kind.UPDATE, note="They sat down."))
    publish(services, draft(severity=Severity.SEVERE, kind=Kind.UPDATE, note="They stood up."))
    shown = everybody.ask("/s/ua-talks")
    assert shown.status == 200
    parts = [shown.text.index(words) for words in ("They stood up.", "Before that", "They sat down.")]
    assert parts == sorted(parts)
    assert "Severity rose: Moderate → Severe" in shown.text[: parts[1]]
    assert "Olga" not in shown.text, "who writes is nobody's business"
    assert f'<link rel="alternate" type="application/cap+xml" href="{HOME}/s/ua-talks/3.cap">' in shown.text
    assert "noindex" not in shown.text
    assert "<script" not in shown.text
    assert "style-src 'sha256-" in shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


def test_unlisted_pages_are_for_whoever_has_their_link(with_link: Inside, services: Services) -> None:
    """The id of an update is words that anybody can guess: alone it opens nothing, there or not."""
    publish(services, draft())
    page = with_link.ask(sealed(services))
    assert page.status == 200
    assert '<meta name="robots" content="noindex">' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"].startswith("private")
    message = with_link.ask(f"{sealed(services)}/1.cap")
    assert f"<web>{HOME}{sealed(services)}</web>" in message.text
    nowhere = with_link.ask("/s/nowhere")
    seal = sealed(services).rpartition(".")[2]
    guesses = {
        "the id": "/s/ua-talks",
        "its message": "/s/ua-talks/1.cap",
        "another's seal": f"/s/ua-other.{seal}",
        "a seal that is bent": f"{sealed(services)[:-1]}{'B' if seal[-1] == 'A' else 'A'}",
        "a seal with more behind it": f"{sealed(services)}A",
        "one of what is not there": sealed(services, "no-such-update"),
        "feeds": "/feeds/atom",
        "feeds of JSON": "/feeds/json?region=UA",
    }
    for guess, path in guesses.items():
        answer = with_link.ask(path)
        assert (answer.status, answer.text) == (404, nowhere.text), guess


def test_the_link_of_an_unlisted_page_goes_on_when_all_is_open(everybody: Inside, services: Services) -> None:
    publish(services, draft())
    assert everybody.ask(sealed(services)).text == everybody.ask("/s/ua-talks").text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({}, 200),
        ({"public": False}, 404),
        ({"status": Status.EXERCISE}, 404),
        ({"status": Status.TEST}, 404),
        ({"status": Status.EXERCISE, "public": True}, 200),
    ],
)
def test_what_is_for_everybody(
    everybody: Inside, services: Services, content: dict[str, object], status: int
) -> None:
    publish(services, draft(**content))
    assert everybody.ask("/s/ua-talks").status == status
    assert everybody.ask("/s/ua-talks/1.cap").status == status
    assert bool(titles(everybody)) == (status == 200)


def test_what_was_held_or_taken_back_is_nowhere(everybody: Inside, services: Services) -> None:
    publish(services, draft("ua-held", headline="Nobody may read this yet"), LONG_MS)
    assert everybody.ask("/s/ua-held").status == 404
    publish(services, draft())
    publish(services, draft(headline="Nor this", kind=Kind.UPDATE), LONG_MS)
    services.updates.withdraw("ua-talks.r2", "a slip")
    publish(services, draft(headline="The talks are over", kind=Kind.UPDATE))
    shown = everybody.ask("/s/ua-talks").text
    assert "The talks are over" in shown
    assert "Nor this" not in shown
    assert everybody.ask("/s/ua-talks/2.cap").status == 404
    last = everybody.ask("/s/ua-talks/3.cap").text
    assert "ua-talks.r1," in last
    assert "ua-talks.r2" not in last
    assert titles(everybody) == ["Updated: The talks are over", draft().headline]


def test_a_page_that_is_taken_down_says_so_and_shows_nothing(everybody: Inside, services: Services) -> None:
    """A name got into a text that everybody could read: the revision that hides it hides all before it."""
    publish(services, draft(body="Colleagues are at the Hotel Dnipro."))
    assert "Hotel Dnipro" in everybody.ask("/s/ua-talks").text
    publish(services, draft(kind=Kind.CORRECTION, public=False))
    for path in ("/s/ua-talks", "/s/ua-talks/1.cap", "/s/ua-talks/2.cap"):
        gone = everybody.ask(path)
        assert gone.status == 410, path
        assert "This page was taken down" in gone.text
        assert "Hotel" not in gone.text
        assert gone.headers["Cache-Control"] == "no-store"
    assert titles(everybody) == []
    publish(services, draft(headline="Begun anew", kind=Kind.UPDATE, public=True))
    anew = everybody.ask("/s/ua-talks")
    assert "Begun anew" in anew.text
    assert "Hotel" not in anew.text, "what was taken down stays down"
    assert everybody.ask("/s/ua-talks/1.cap").status == 404
    assert titles(everybody) == ["Begun anew"]


def test_what_was_not_for_everybody_stays_so_when_a_later_revision_is(
    everybody: Inside, services: Services
) -> None:
    publish(services, draft(body="Not for everybody.", public=False))
    publish(services, draft(body="For everybody.", kind=Kind.UPDATE, public=True))
    shown = everybody.ask("/s/ua-talks").text
    assert "For everybody." in shown
    assert "Not for everybody." not in shown
    assert everybody.ask("/s/ua-talks/1.cap").status == 404
    assert "<msgType>Alert</msgType>" in everybody.ask("/s/ua-talks/2.cap").text


@pytest.mark.parametrize(
    ("kind", "banner", "earlier", "message"),
    [
        (Kind.CORRECTION, "Correction", "Corrected since", "Update"),
        (Kind.RETRACTION, "Retracted: this was wrong", "Retracted since", "Error"),
        (Kind.CANCEL, "This situation is closed", "", "Cancel"),
    ],
)
def test_what_became_of_it_is_said_on_top_and_where_somebody_read_it(
    everybody: Inside, services: Services, kind: Kind, banner: str, earlier: str, message: str
) -> None:
    publish(services, draft())
    publish(services, draft(kind=kind, note="We were told otherwise."))
    now, _, before = everybody.ask("/s/ua-talks").text.partition("Before that")
    assert banner in now
    assert "We were told otherwise." in now
    assert earlier in before
    assert ("since</strong>" in before) == bool(earlier)
    assert f"<msgType>{message}</msgType>" in everybody.ask("/s/ua-talks/2.cap").text


def test_a_feed_takes_the_words_of_a_subscription(everybody: Inside, services: Services) -> None:
    publish(services, draft("a", headline="Kyiv", regions=("UA-30",), tags=("conflict",)))
    publish(services, draft("b", headline="Warsaw", regions=("PL",), tags=("conflict", "rail")))
    publish(services, draft("c", headline="Ankara", regions=("TR",), tags=("rail",), severity=Severity.MINOR))
    rows = {
        "": ["Ankara", "Warsaw", "Kyiv"],
        "?region=Ukraine": ["Kyiv"],
        "?region=UA&region=PL": ["Warsaw", "Kyiv"],
        "?region=Europe&tag=rail": ["Warsaw"],
        "?tag=rail&all_tag=conflict": ["Warsaw"],
        "?none_tag=rail": ["Kyiv"],
        "?severity=moderate": ["Warsaw", "Kyiv"],
    }
    for query, expected in rows.items():
        assert titles(everybody, query) == expected, query
        items = json.loads(everybody.ask(f"/feeds/json{query}").text)["items"]
        assert [item["title"] for item in items] == expected, query


def test_a_word_that_means_nothing_is_refused_and_not_passed_over(
    everybody: Inside, services: Services
) -> None:
    """A feed of the whole world in place of a country, because a letter was missing, helps nobody."""
    for query, words in (
        ("?regoin=UA&colour=red", ["regoin", "colour"]),
        ("?region=Ukrania&tag=nonsense", ["Ukrania", "nonsense"]),
        ("?severity=bad", ["bad"]),
        ("?severity=minor&severity=severe", ["severity"]),
        ("?" + "&".join(["region=UA"] * 101), ["100"]),
        (f"?region={'x' * 201}", ["200"]),
    ):
        refused = everybody.ask(f"/feeds/atom{query}")
        assert refused.status == 400, query
        assert all(word in refused.text for word in words), refused.text
        assert len(refused.text) < 2_000
        assert refused.headers["Content-Type"].startswith("text/plain")


def test_a_feed_tells_of_a_correction_whoever_was_told_what_it_corrects(
    everybody: Inside, services: Services
) -> None:
    publish(services, draft(headline="It is in Ukraine", regions=("UA",)))
    publish(services, draft(headline="It is in Poland", regions=("PL",), kind=Kind.CORRECTION))
    assert titles(everybody, "?region=UA") == ["Correction: It is in Poland", "It is in Ukraine"]
    assert titles(everybody, "?region=PL") == ["Correction: It is in Poland"]


@pytest.fixture
def still(settings: Settings) -> Iterator[Services]:
    """Services whose time stands still."""
    ready = clocked(settings, "2026-03-28T07:00Z")
    yield ready
    ready.close()


PATHS = ("/s/ua-talks", "/s/ua-talks/1.cap", "/feeds/atom?region=UA", "/feeds/json")


@pytest.mark.parametrize("path", PATHS)
def test_whoever_has_it_is_not_sent_it_again(still: Services, path: str) -> None:
    everybody = inside(still, "open")
    publish(still, draft())
    move_to(still, "2026-03-28T08:00Z")
    first = everybody.ask(path)
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    for headers in (
        {"If-None-Match": tag},
        {"If-None-Match": f'"other", {tag.removeprefix("W/")}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": changed},
    ):
        again = everybody.ask(path, headers=headers)
        assert (again.status, again.text, again.headers["ETag"]) == (304, "", tag), headers
    for headers in (
        {"If-None-Match": '"other"', "If-Modified-Since": changed},
        {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "Sat, 28 Mar 99999 07:00:00 GMT"},
    ):
        assert everybody.ask(path, headers=headers).status == 200, headers
    looked = everybody.ask(path, method="HEAD")
    assert (looked.status, looked.headers["ETag"]) == (200, tag)
    publish(still, draft(headline="The venue moved", kind=Kind.UPDATE))
    for headers in ({"If-None-Match": tag}, {"If-Modified-Since": changed}):
        assert everybody.ask(path, headers=headers).status == 200, headers
    assert "The venue moved" in everybody.ask(path.replace("1.cap", "2.cap")).text


def test_nobody_misses_what_changed_twice_in_a_second(still: Services) -> None:
    """HTTP knows seconds only: who had the first of two would be told for ever that nothing changed."""
    everybody = inside(still, "open")
    publish(still, draft())
    assert "Last-Modified" not in everybody.ask("/s/ua-talks").headers
    move_to(still, ms("2026-03-28T07:00Z") + 900)
    publish(still, draft(headline="The venue moved", kind=Kind.UPDATE))
    same_second = {"If-Modified-Since": "Sat, 28 Mar 2026 07:00:00 GMT"}
    assert everybody.ask("/s/ua-talks", headers=same_second).status == 200
    move_to(still, ms("2026-03-28T07:00Z") + 1_000)
    dated = everybody.ask("/s/ua-talks").headers["Last-Modified"]
    assert everybody.ask("/s/ua-talks", headers={"If-Modified-Since": dated}).status == 304


def test_a_page_changes_when_its_time_is_over(still: Services) -> None:
    everybody = inside(still, "open")
    publish(still, draft(expires_at=datetime(2026, 3, 28, 9, tzinfo=UTC)))
    move_to(still, "2026-03-28T08:00Z")
    before = everybody.ask("/s/ua-talks")
    assert "This has expired" not in before.text
    move_to(still, "2026-03-28T10:00Z")
    for headers in (
        {"If-None-Match": before.headers["ETag"]},
        {"If-Modified-Since": before.headers["Last-Modified"]},
    ):
        after = everybody.ask("/s/ua-talks", headers=headers)
        assert after.status == 200
        assert "This has expired" in after.text


def test_looking_writes_nothing_but_the_pace(everybody: Inside, services: Services) -> None:
    publish(services, draft())
    everybody.ask(sealed(services))  # the name of the installation is given with its first link
    kept = everything(services)
    for path in ("/s/ua-talks", sealed(services), "/s/ua-talks/1.cap", "/feeds/atom", "/feeds/json", "/s/no"):
        for method in ("GET", "HEAD"):
            everybody.ask(path, method=method)
        assert everybody.ask(path, b"x=1").status == 404
    assert everything(services) == kept


def everything(services: Services) -> dict[bytes, bytes | None]:
    client = services.server.client
    return {key: client.dump(key) for key in client.scan_iter() if b":rate:" not in key}


def test_a_template_that_fails_is_the_desks_own_business(
    everybody: Inside, services: Services, tmp_path: Path
) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "feed_entry.html.j2").write_text("{{ nothing }}")
    services.settings = services.settings.model_copy(update={"templates_dir": tmp_path})
    publish(services, draft())
    failed = Inside(services).ask("/feeds/atom")
    assert failed.status == 503
    assert "feed_entry" not in failed.text


@pytest.mark.parametrize(
    ("path", "of_pace"),
    [("/s/ua-talks", PAGES_AT_ONCE / PAGES_PER_S), ("/feeds/atom", FEEDS_AT_ONCE / FEEDS_PER_S)],
)
def test_a_network_that_asks_without_end_is_told_to_wait(still: Services, path: str, of_pace: float) -> None:
    everybody = inside(still, "open")
    publish(still, draft())
    assert everybody.ask(path).status == 200
    [pace] = still.server.client.scan_iter("*rate:*")
    assert b"127.0.0.1" not in pace
    still.server.client.set(pace, still.server.now_ms() + int(1_000 * of_pace))
    late = everybody.ask(path)
    assert late.status == 429
    assert int(late.headers["Retry-After"]) > 0
    beside = {"/s/ua-talks": "/feeds/atom", "/feeds/atom": "/s/ua-talks"}[path]
    assert everybody.ask(beside).status == 200, "who reads feeds keeps nobody from a page"


def test_a_message_leads_to_its_page_if_there_is_one(everybody: Inside, services: Services) -> None:
    """Every mail had a link to what it told, and none to what became of it."""
    anna = subscribe(services, "anna@example.org", "UA")
    subscribe(services, "T024BE7LD/C024BE91L", "UA")
    tell(services, draft())
    tell(services, draft("ua-quiet", public=False))
    mail, quiet = (mail_of(services, update, anna.sid) for update in ("ua-talks", "ua-quiet"))
    [link] = re.findall(r"for everybody to read: (\S+)", mail)
    assert link == services.settings.public_url + sealed(services)
    assert mail.count(link) == 2, "in the text, and in the page"
    assert everybody.ask(link).status == 200
    assert "for everybody to read" not in quiet
    [post] = (services.settings.outbox / "slack" / digest_of(services, "ua-talks", "slack")).glob("*.json")
    assert link in post.read_text()


def mail_of(services: Services, update: str, sid: int) -> str:
    folder = services.settings.outbox / "email" / digest_of(services, update, "email")
    return (folder / f"{sid}.eml").read_text().replace("=\n", "").replace("=3D", "=")


def digest_of(services: Services, update: str, channel: str) -> str:
    [name] = (d for d in services.updates.digests(update) if services.digests.get(d).channel == channel)
    return name
