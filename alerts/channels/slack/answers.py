"""What each of Slack's refusals means for a delivery. Pure: it decides no retry and sends nothing.

Codes: the error tables of chat.postMessage and chat.update on docs.slack.dev/reference/methods.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from alerts.channels.contract import REPAIR_S
from alerts.model import Deferred, Failed, RouteDown, Unsure

#: The token, or the app's place in the workspace: no channel can be reached, and none is to blame.
TEAM = frozenset(
    {
        "access_denied",
        "account_inactive",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
#: This channel will not have us, whatever we say.
CHANNEL = frozenset(
    {
        "channel_not_found",
        "ekm_access_denied",
        "is_archived",
        "messages_tab_disabled",
        "no_permission",
        "not_in_channel",
    }
)
#: The channel takes posts, but nothing under this one.
THREAD = frozenset(
    {
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    }
)
#: What was said cannot be shown; the same words without blocks may be.
CONTENT = frozenset(
    {
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)
#: “It's possible some aspect of the operation succeeded before the error was raised.”
AMBIGUOUS = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
RATE = frozenset({"rate_limited", "ratelimited"})

#: Seconds to wait when Slack says “slow down” and not for how long; and the most it is believed.
RETRY_AFTER, RETRY_AFTER_MAX = 30.0, 3600.0

#: HTTP answers of a wrong address or of a proxy in between, not of Slack.
ROUTE_STATUS = frozenset({401, 403, 404, 407})


#: What may follow from anything but a yes.
No = Deferred | Failed | Unsure | RouteDown


@dataclass(frozen=True, slots=True)
class Refusal:
    """Anything but a yes: Slack's code (empty where the words were not Slack's), and what follows."""

    code: str
    outcome: No


Answer = Mapping[str, Any] | Refusal


def refusal(status: int, code: str, retry_after: str = "") -> Refusal:
    """Read a refusal from the HTTP status, the `error` of its JSON, and its Retry-After header."""
    if not re.fullmatch(r"[a-z0-9_]{1,80}", code):
        code = ""  # not Slack's own words: an HTML page, half a body
    return Refusal(code, _outcome(status, code, retry_after))


def _outcome(status: int, code: str, retry_after: str) -> No:
    if status == 429 or code in RATE:
        return Deferred("Slack asks to slow down", seconds(retry_after), blameless=True)
    said = code or f"HTTP {status} without a word of Slack's"
    if status >= 500 or code in AMBIGUOUS or (status == 200 and not code):
        return Unsure(f"Slack answered {said}")
    if 300 <= status < 400:
        return RouteDown(
            f"Slack cannot be reached: what answers sends us elsewhere (HTTP {status})", REPAIR_S
        )
    if not code and status in ROUTE_STATUS:
        return RouteDown(f"Slack cannot be reached: {said}")
    return _refused(code) or Deferred(f"Slack answered {said}")


def _refused(code: str) -> RouteDown | Failed | None:
    if code in TEAM:
        return RouteDown(f"Slack refuses the bot: {code}", REPAIR_S)
    if code in THREAD:
        return Failed(f"Slack refuses this thread: {code}")
    if code in CHANNEL or code.startswith("restricted_action"):
        return Failed(f"Slack refuses this channel: {code}", suppress="channel")
    return Failed(f"Slack refuses this content: {code}") if content_refused(code) else None


def content_refused(code: str) -> bool:
    """Whether the same words as plain text may be taken."""
    return code in CONTENT or code.startswith(("invalid_blocks", "metadata_"))


def metadata_refused(code: str) -> bool:
    """Whether it is our delivery id that was refused, not the words."""
    return code.startswith(("metadata_", "invalid_metadata_"))


def seconds(retry_after: str) -> float:
    """Retry-After in seconds, whole as Slack writes it or with a fraction: at least 1, at most an hour.

    A date, which HTTP allows and Slack does not use, is as good as none.
    """
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", retry_after.strip(), re.ASCII):
        return RETRY_AFTER
    return min(max(float(retry_after), 1.0), RETRY_AFTER_MAX)
