"""One call to Slack's Web API, one answer. Never repeats a call, never raises for what comes back."""

import logging
from collections.abc import Mapping
from http.client import HTTPException
from traceback import clear_frames
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from alerts.channels.slack.answers import Answer, Refusal, refusal
from alerts.channels.slack.transport import opener
from alerts.errors import BadInput
from alerts.model import RouteDown, Unsure

Arguments = dict[str, Any] | None

#: What urllib and slack_sdk let through when an answer is cut short, garbled or not an object.
_GARBLED = (OSError, HTTPException, ValueError, LookupError, AttributeError)


class _Client(WebClient):
    """slack_sdk writes the calls and reads the answers; our transport carries them, and alone has the token.

    The method it replaces is not one that slack_sdk promises to keep. Should it ever be called no more, calls
    go out without a token, and Slack refuses them.
    """

    def __init__(self, token: str, url: str, timeout: float) -> None:
        super().__init__(
            base_url=url,
            logger=logging.Logger("slack_sdk", logging.CRITICAL),  # bodies are not for logs
            retry_handlers=[],  # the default posts again after a reset, and so twice
        )
        self._authorization = f"Bearer {token}"
        self._opener = opener()
        self._seconds = timeout

    def _perform_urllib_http_request_internal(self, _: str, req: Request) -> dict[str, Any]:
        req.add_unredirected_header("Authorization", self._authorization)
        with self._opener.open(req, timeout=self._seconds) as response:
            body = response.read().decode("utf-8")
            return {"status": response.status, "headers": response.headers, "body": body}


class Api:
    """Safe to share between threads: every call has a connection of its own.

    `timeout` in seconds holds for a whole call, from connecting to the last octet of the answer.
    """

    def __init__(self, token: str, url: str, timeout: float) -> None:
        _check(token, url)
        self._client = _Client(token, url, timeout)

    def write(self, method: str, arguments: Mapping[str, Any]) -> Answer:
        """Call a method that posts or edits."""
        return self._call(method, json=dict(arguments))

    def read(self, method: str, arguments: Mapping[str, Any]) -> Answer:
        """Call a method that only looks: those take forms, not JSON."""
        return self._call(method, params=dict(arguments))

    def _call(self, method: str, json: Arguments = None, params: Arguments = None) -> Answer:
        try:
            data = self._client.api_call(method, json=json, params=params).data
        except SlackApiError as refused:
            response = refused.response
            said = response.data.get("error") if isinstance(response.data, dict) else ""
            headers = {name.lower(): value for name, value in response.headers.items()}
            return refusal(response.status_code, str(said), headers.get("retry-after", ""))
        except URLError as unreachable:
            # urllib wraps what goes wrong until the request is written, and only that: nothing was posted
            return Refusal("", RouteDown(f"Slack cannot be reached: {unreachable.reason}"))
        except _GARBLED as lost:
            # slack_sdk leaves the exception in a cycle, which would hold the socket until the collector comes
            clear_frames(lost.__traceback__)
            return Refusal("", Unsure(f"Slack's answer was lost: {type(lost).__name__}"))
        return data if isinstance(data, dict) else refusal(200, "")


def _check(token: str, url: str) -> None:
    if not (token and token.isascii() and token.isprintable()):
        raise BadInput("ALERTS_SLACK_BOT_TOKEN is not a token.", "Copy the xoxb-… of your app again.")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadInput("ALERTS_SLACK_API_URL is not a web address.", "Leave it out to reach slack.com.")
