"""`alerts senders`, and updates by mail, as a desk types them."""

from pathlib import Path

import pytest
from cli_runs import Runs

RELAY = "mx.example.org"


def test_a_day_of_a_sender(alerts: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let in, sends, is paused, gets another address, and may send no more."""
    monkeypatch.setenv("ALERTS_RETURN_PATH", "returns.example.org")
    assert alerts("senders", "list").err.startswith("Nobody may send updates by mail")
    added = alerts("senders", "add", "olga@example.org", "--region", "Ukraine", "--severity", "moderate")
    first, to = added.out.splitlines()
    assert first == "✓ olga@example.org may send, as olga:"
    assert to.strip().startswith("publish+")
    assert "shown once" in added.err
    assert "ALERTS_AUTHSERV_ID" in added.err
    monkeypatch.setenv("ALERTS_AUTHSERV_ID", RELAY)
    mail = (
        f"Authentication-Results: {RELAY}; dmarc=pass header.from=example.org\n"
        "From: olga@example.org\nSubject: Re: Roads closed\n\nStay where you are.\n\n-- \nOlga\n"
    )
    assert alerts("receive", "--to", to.strip(), stdin=mail).code == 0
    [waits] = alerts("drafts", "list", "-o", "json").json
    shown = alerts("drafts", "show", waits["draft"]).out
    assert "source: sender olga" in shown
    assert "! it leaves out the signature: “Olga”" in shown
    assert "who sent a mail for publication has yet to be answered" in alerts("work").out
    assert alerts("drafts", "publish", waits["draft"]).out.startswith("✓ ")
    assert alerts("senders", "pause", "olga@example.org").out.startswith("✓ olga is paused")
    assert "mails: 1 draft, 0 published, 0 refused, 0 repeated" in alerts("senders", "show", "olga").out
    assert alerts("senders", "resume", "olga").code == 0
    changed = alerts("senders", "rotate-secret", "olga", "-o", "json").json
    assert changed["send_to"] != to.strip()
    [row] = alerts("senders", "list", "-o", "json").json
    assert (row["sender"], row["drafts"], row["publish"]) == ("olga", 1, False)
    secret = to.strip().partition("+")[2].partition("@")[0]
    for command in (("audit",), ("senders", "list"), ("drafts", "list"), ("status",)):
        assert secret not in alerts(*command, "-o", "json").out
    assert alerts("senders", "remove", "olga").code == 2, "nobody could be asked"
    assert alerts("senders", "remove", "olga", "--yes").out == "✓ olga may send no more\n"
    assert alerts("senders", "show", "olga").code == 4


def test_a_mail_is_shown_as_it_is_read(alerts: Runs, tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(
        "From: olga@example.org\nTo: x@example.org\nSubject: [EXTERNAL] Fwd: Roads in Ukraine closed\n\n"
        "Hi all,\n\nStay where you are.\n\nBest regards,\nOlga\n"
    )
    shown = alerts("read", "mail.eml").out
    assert shown.startswith("mail.eml: mail\nheadline: Roads in Ukraine closed\n")
    assert "! mail.eml takes its subject without “[EXTERNAL] Fwd:”" in shown
    assert "! mail.eml leaves out its closing (2 lines): “Best regards,”" in shown
    assert "Ukraine" in shown
