"""Every code and status of Slack's, and what follows from it for a delivery."""

import json
from pathlib import Path

import pytest

from alerts.channels.slack.answers import refusal, seconds
from alerts.model import Deferred, Failed, RouteDown, Unsure

SPEC = Path(__file__).parents[3].parent / "shared" / "corpora" / "slack" / "slack_web_openapi_v2.json"


#: About the form of a call, which slack_sdk writes. If ever, it is tried again as any code nobody knows.
NEVER_OURS = {
    *("invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data", "invalid_json"),
    *("invalid_post_type", "json_not_object", "missing_post_type", "upgrade_required"),
}
#: Only what is said about an edit: a new post takes its place (test_slack_revisions).
EDITS_REFUSED = {"cant_update_message", "edit_window_closed", "is_inactive", "message_not_found"}


@pytest.mark.parametrize(
    "code",
    [
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "not_allowed_token_type",
        "team_access_not_granted",
        "not_authed",
        "two_factor_setup_required",
        "enterprise_is_restricted",
    ],
)
def test_a_refused_token_closes_the_route_and_blames_no_channel(code: str) -> None:
    assert refusal(200, code).outcome == RouteDown(f"Slack refuses the bot: {code}", 60)


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "no_permission",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "messages_tab_disabled",
        "ekm_access_denied",
    ],
)
def test_a_refusing_channel_is_suppressed(code: str) -> None:
    assert refusal(200, code).outcome == Failed(f"Slack refuses this channel: {code}", suppress="channel")


@pytest.mark.parametrize("code", ["restricted_action_thread_locked", "cannot_reply_to_message"])
def test_a_refusing_thread_says_nothing_about_its_channel(code: str) -> None:
    assert refusal(200, code).outcome == Failed(f"Slack refuses this thread: {code}")


@pytest.mark.parametrize(
    "code",
    [
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "too_many_attachments",
        "metadata_too_large",
        "metadata_must_be_sent_from_app",
        "invalid_metadata_schema",
    ],
)
def test_refused_content_fails_without_suppressing_anybody(code: str) -> None:
    assert refusal(200, code).outcome == Failed(f"Slack refuses this content: {code}")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (200, "fatal_error"),
        (200, "internal_error"),
        (200, "request_timeout"),
        (200, "service_unavailable"),
        (500, "anything"),
        (503, "<html>Bad gateway</html>"),
        (200, "<html>Welcome to this airport</html>"),
        (200, ""),
    ],
)
def test_what_may_have_been_posted_leaves_us_unsure(status: int, code: str) -> None:
    assert isinstance(refusal(status, code).outcome, Unsure)


@pytest.mark.parametrize(
    ("status", "code", "retry_after", "wait"),
    [
        (429, "ratelimited", "30", 30.0),
        (200, "ratelimited", "", 30.0),
        (200, "rate_limited", "2", 2.0),
        (429, "<html>", "7", 7.0),
    ],
)
def test_slowing_down_is_nobodys_fault(status: int, code: str, retry_after: str, wait: float) -> None:
    slow = refusal(status, code, retry_after).outcome
    assert isinstance(slow, Deferred)
    assert (slow.after_s, slow.blameless) == (wait, True)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("12", 12.0),
        ("0", 1.0),
        ("9" * 400, 3600.0),
        ("-5", 30.0),
        ("soon", 30.0),
        ("²", 30.0),
        ("1.5", 1.5),
        (" 0.25 ", 1.0),
        ("1.", 30.0),
    ],
)
def test_retry_after_is_believed_within_reason(header: str, wait: float) -> None:
    assert seconds(header) == wait


@pytest.mark.parametrize("code", ["team_added_to_org", "org_login_required", "made_up_next_year"])
def test_an_unknown_code_is_tried_again_as_an_attempt(code: str) -> None:
    assert refusal(200, code).outcome == Deferred(f"Slack answered {code}")


@pytest.mark.parametrize("status", [401, 403, 404, 407])
def test_a_proxy_that_answers_for_slack_closes_the_route(status: int) -> None:
    assert isinstance(refusal(status, "<html>Blocked by policy</html>").outcome, RouteDown)


def test_a_strangers_words_never_reach_the_record() -> None:
    for status in (200, 302, 400, 403, 429, 502):
        assert "secret" not in refusal(status, "<p>secret</p>" * 10_000).outcome.why


def test_every_code_slack_documents_for_a_post_or_an_edit_has_a_meaning() -> None:
    if not SPEC.exists():
        pytest.skip("Slack's API description is not here")
    methods = json.loads(SPEC.read_text())["paths"]
    for method in ("/chat.postMessage", "/chat.update"):
        answers = methods[method]["post"]["responses"]["default"]["schema"]["properties"]
        codes = set(answers["error"]["enum"])
        assert {c for c in codes if refusal(200, c).outcome == Deferred(f"Slack answered {c}")} == codes & (
            NEVER_OURS | EDITS_REFUSED
        )
