"""Webhooks at the command line: every command has them, and their secret is shown once."""

import json
from pathlib import Path

import pytest
from cli_runs import Runs
from house import walk

from alerts.channels import CHANNELS
from alerts.services import Services
from alerts.settings import Settings

HOOK = "https://hooks.example.org/alerts?key=tok3n"
PLAIN, CHAT = "https://hooks.example.org/alerts", "mattermost+https://chat.example.org/hooks/x"


def test_the_secret_is_shown_as_it_is_added_and_as_it_is_changed(alerts: Runs) -> None:
    added = alerts("subscribers", "add", HOOK, "--region", "UA", "--secret", "-o", "json")
    first = added.json["secret"]
    assert first.startswith("whsec_")
    assert first not in alerts("subscribers", "show", HOOK, "-o", "json").out
    second = alerts("subscribers", "rotate-secret", HOOK, "--quiet").out.strip()
    assert second.startswith("whsec_")
    assert second != first
    said = alerts("subscribers", "rotate-secret", HOOK)
    assert "✓ whsec_" in said.out
    assert "shown once" in said.err
    audit = alerts("audit", "-o", "json")
    assert [row["action"] for row in audit.json] == [
        "subscriber.change_secret",
        "subscriber.change_secret",
        "subscriber.show_secret",
        "subscriber.add",
    ]
    assert "tok3n" not in audit.out
    assert "whsec_" not in audit.out


def test_without_the_word_no_secret_is_shown(alerts: Runs) -> None:
    assert "whsec_" not in alerts("subscribers", "add", HOOK, "--region", "UA").out


def test_where_nothing_is_signed_nobody_is_added_for_a_secret(alerts: Runs, services: Services) -> None:
    said = alerts("subscribers", "add", "anna@example.org", "--region", "UA", "--secret")
    assert said.code == 2
    assert "by email is not signed" in said.sentence
    assert services.subscribers.count() == dict.fromkeys(CHANNELS, 0)


def test_every_command_has_them_and_nothing_leaves_the_building(
    alerts: Runs, services: Services, settings: Settings, update: str, tmp_path: Path
) -> None:
    """None of the rooms was told of them: what a channel needs is in its folder."""
    (tmp_path / "people.csv").write_text(f"address,regions\n{PLAIN},UA\n", "utf-8")
    assert alerts("subscribers", "import", "people.csv").code == 0
    alerts("subscribers", "add", CHAT, "--region", "UA")
    listed = alerts("subscribers", "list", "--channel", "webhook", "-o", "json").json
    assert [row["address"] for row in listed] == [PLAIN, CHAT]
    exported = alerts("subscribers", "export").out
    assert f"webhook,{PLAIN}," in exported
    for view, title in (("webhook", "alerts.digest"), ("teams", "AdaptiveCard"), ("mattermost", "### ")):
        assert title in alerts("preview", update, "--render", view).out
    assert alerts("status", "-o", "json").json["subscribers"]["webhook"] == 2
    assert alerts("check", "-o", "json").json == []
    assert alerts("publish", update).code == 0
    walk(services)
    files = [json.loads(path.read_bytes()) for path in (settings.outbox / "webhook").glob("*/*.json")]
    assert {file["address"] for file in files} >= {PLAIN, CHAT}
    alerts("outbox")
    page = (settings.outbox / "index.html").read_text(encoding="utf-8")
    assert CHAT in page
    assert 'for="webhook">Webhook<' in page


def test_what_is_wrong_with_their_settings_is_found(alerts: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERTS_WEBHOOKS", "1")
    found = {row["id"]: row["level"] for row in alerts("check", "-o", "json").json}
    assert found == {"settings.webhook-public-url": "warning", "settings.webhook-secret-key": "error"}
    monkeypatch.setenv("ALERTS_OUTBOUND_ALLOW", "10.0.0.0/8, here")
    assert "ALERTS_OUTBOUND_ALLOW" in alerts("check").sentence


def test_a_preview_does_not_tell_a_room_what_it_takes_to_post_there(
    alerts: Runs, settings: Settings, update: str
) -> None:
    """“Sent to https://… alone” stood in the message itself."""
    assert alerts("publish", update, "--to-me", HOOK).code == 0
    files = [json.loads(path.read_bytes()) for path in (settings.outbox / "webhook").glob("*/*.json")]
    [file] = [one for one in files if one["address"] == HOOK]
    assert "This is a preview" in json.dumps(file["payload"])
    assert "tok3n" not in json.dumps(file["payload"])
    assert "tok3n" not in alerts("audit", "-o", "json").out
