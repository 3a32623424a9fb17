"""`alerts receive` and `alerts bounces`: what comes back, taken in and looked at."""

import os
from pathlib import Path

import pytest
from cli_runs import Runs
from house import draft, subscribe, tell, told
from provider_posts import sample

from alerts.model import State
from alerts.services import Services

KYIV = "kyiv@example.org"
SAMPLES = Path(__file__).parents[2] / "data" / "returns"
TOKEN = b"r0123456789abcdef0123.3.17.abcdef0123456789"
WORDS = "550 5.1.1 <kyiv@example.net>: Recipient address rejected: User unknown"


@pytest.fixture
def report(services: Services) -> bytes:
    """A report that a mail to somebody came back for good."""
    person = subscribe(services, KYIV, "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    token = services.links.delivery(digest, 1, person.sid)
    return (SAMPLES / "hard-postfix.eml").read_bytes().replace(TOKEN, token.encode())


def test_a_mail_on_standard_input_is_taken_in_and_nothing_is_said(
    alerts: Runs, services: Services, report: bytes
) -> None:
    """A pipe's words go into the answer that the mail server gives; there is nothing to be told."""
    for _ in range(2):
        said = alerts("receive", stdin=report)
        assert (said.code, said.out, said.err) == (0, "", "")
    [[state]] = told(services, "ua-talks").values()
    assert state is State.BOUNCED


@pytest.mark.parametrize("mail", [b"", b"Subject: hello\n\nhello", b"\0" * 1000])
def test_what_is_not_for_us_is_taken_too(alerts: Runs, services: Services, mail: bytes) -> None:
    """To refuse it would send a report about a report to somebody who may not exist."""
    assert alerts("receive", stdin=mail).code == 0


def test_the_envelope_may_say_whom_it_was_for(alerts: Runs, services: Services, report: bytes) -> None:
    token = next(line for line in report.splitlines() if line.startswith(b"To: bounces+")).decode()[4:]
    bare = (SAMPLES / "soft-prose-without-status.eml").read_bytes()
    assert alerts("receive", "--to", token, stdin=bare).code == 0
    assert alerts("bounces", "show", KYIV, "-o", "json").json["tried_again"]


def test_while_the_server_is_away_the_mail_system_is_asked_to_keep_it(
    alerts: Runs, monkeypatch: pytest.MonkeyPatch, report: bytes
) -> None:
    """75 is EX_TEMPFAIL: postfix and exim try again for days. Any other code, and the report was lost."""
    monkeypatch.setenv("ALERTS_REDIS_URL", "redis://127.0.0.1:1/1")
    assert alerts("receive", stdin=report).code == os.EX_TEMPFAIL == 75
    monkeypatch.setenv("ALERTS_REDIS_URL", "nonsense")
    assert alerts("receive", stdin=report).code == os.EX_TEMPFAIL


def test_what_came_back_is_listed_and_shown_in_whose_words(alerts: Runs, report: bytes) -> None:
    assert "Nothing has come back." in alerts("bounces", "list").err
    alerts("receive", stdin=report)
    [one] = alerts("bounces", "list", "-o", "json").json
    assert (one["verdict"], one["address"], one["words"]) == ("hard", KYIV, WORDS)
    shown = alerts("bounces", "show", KYIV)
    assert WORDS in shown.out
    assert f"alerts unsuppress {KYIV}" in shown.err
    assert f"hard: {WORDS}" in alerts("trace", KYIV, "-o", "json").out
    assert f"hard: {WORDS}" in alerts("explain", KYIV, "ua-talks").out


def test_files_are_taken_in_once_more_and_change_nothing_then(
    alerts: Runs, report: bytes, tmp_path: Path
) -> None:
    (tmp_path / "one.eml").write_bytes(report)
    (tmp_path / "box").write_bytes(
        b"".join(b"From x Thu Nov 26 08:00:00 2026\n%b\n" % m for m in (report, b"A: b\n\n"))
    )
    [first] = alerts("bounces", "replay", "one.eml", "-o", "json").json
    assert (first["read_as"], first["follows"], first["changed"]) == ("hard", "suppressed", True)
    again = alerts("bounces", "replay", "one.eml", "box", "-o", "json").json
    assert [(one["read_as"], one["changed"]) for one in again] == [
        ("hard", False),
        ("hard", False),
        ("ordinary", False),
    ]


@pytest.fixture
def token(services: Services) -> str:
    """What a delivery that was sent is known by."""
    person = subscribe(services, KYIV, "UA")
    tell(services, draft())
    [digest] = services.updates.digests("ua-talks")
    return services.links.delivery(digest, 1, person.sid)


HARD = {
    "ses": "hard-general",
    "sendgrid": "hard-invalid",
    "mailgun": "hard-no-such-user",
    "postmark": "hard-bounce",
}


@pytest.mark.parametrize("provider", HARD)
def test_what_a_provider_posted_is_taken_in_from_a_file(
    alerts: Runs, services: Services, token: str, tmp_path: Path, provider: str
) -> None:
    """While the door was not there the provider gave up; its console still has what it posted."""
    (tmp_path / "posted.json").write_text(sample(provider, HARD[provider], token))
    (tmp_path / "complaint.json").write_text(sample("postmark", "complained", token))
    dry = alerts("bounces", "replay", "--dry-run", "posted.json", "complaint.json", "-o", "json").json
    assert [(one["read_as"], one["address"], one["changed"], one["follows"]) for one in dry] == [
        ("hard", KYIV, True, "suppressed"),
        ("complained", KYIV, True, "suppressed"),
    ]
    [[state]] = told(services, "ua-talks").values()
    assert state is State.SENT
    assert alerts("bounces", "list", "-o", "json").json == []
    [done] = alerts("bounces", "replay", "posted.json", "-o", "json").json
    assert (done["read_as"], done["follows"]) == ("hard", "suppressed")
    [[state]] = told(services, "ua-talks").values()
    assert state is State.BOUNCED
    [again] = alerts("bounces", "replay", "--dry-run", "posted.json", "-o", "json").json
    assert (again["changed"], again["follows"]) == (False, "")


@pytest.mark.parametrize(
    "name", ["delivered", "soft-bounce", "hard-bounce", "complained", "leaving", "delayed"]
)
@pytest.mark.parametrize("before", ["", "delivered", "soft-bounce", "hard-bounce", "complained"])
def test_what_is_foreseen_is_what_comes_of_it(
    alerts: Runs, token: str, tmp_path: Path, before: str, name: str
) -> None:
    provider = "mailgun" if name == "delayed" else "postmark"
    (tmp_path / "one.json").write_text(sample(provider, name, token))
    if before:
        (tmp_path / "before.json").write_text(sample("postmark", before, token))
        alerts("bounces", "replay", "before.json")
    foreseen = alerts("bounces", "replay", "--dry-run", "one.json", "-o", "json").json
    assert alerts("bounces", "replay", "one.json", "-o", "json").json == foreseen


def test_a_file_that_no_provider_posted_is_named_and_the_others_are_taken_in(
    alerts: Runs, token: str, tmp_path: Path
) -> None:
    (tmp_path / "update.json").write_text('{"headline": "Talks"}')
    (tmp_path / "cut.json").write_text(sample("postmark", "complained", token)[:-20])
    (tmp_path / "posted.json").write_text(sample("postmark", "complained", token))
    said = alerts("bounces", "replay", "update.json", "cut.json", "posted.json", "-o", "json")
    assert said.code == 2
    assert "update.json: It is JSON, and nothing that a mail provider posts." in said.err
    assert "cut.json: The payload is not JSON" in said.err
    assert alerts("bounces", "show", KYIV, "-o", "json").json["suppressed"]


def test_a_report_that_proves_nothing_is_shown_apart(alerts: Runs, report: bytes) -> None:
    forged = report.replace(b"bounces+r", b"bounces+u").replace(b"<r", b"<u")
    assert alerts("receive", stdin=forged).code == 0
    assert alerts("bounces", "list", "-o", "json").json == []
    [one] = alerts("bounces", "list", "--unproven", "-o", "json").json
    assert (one["verdict"], one["address"], one["words"]) == ("hard", "", WORDS)


@pytest.mark.parametrize(
    "place", ["8024", "localhost:", ":8024", "localhost:0", "localhost:x", "localhost:70000"]
)
def test_a_place_that_nothing_can_listen_at_is_refused_before_anything_runs(alerts: Runs, place: str) -> None:
    said = alerts("up", "--mail-in", place)
    assert said.code == 2
    assert "Write a host and a port" in said.sentence
