"""A Slack that lives in this process: real HTTP, Slack's shapes, and whatever trouble a test asks for.

Shapes: slackapi/slack-api-specs (examples of each method) and docs.slack.dev/reference/methods.
"""

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl

#: What a date element may ask for.
DATE_TOKENS = {
    *("date_num", "date_slash", "date", "date_pretty", "date_short", "date_short_pretty", "date_long"),
    *("date_long_pretty", "date_long_full", "day_divider_pretty", "time", "time_secs", "ago"),
}
TOKEN = "xoxb-of-the-test"


@dataclass(frozen=True)
class Posted:
    """A message that stands in a channel."""

    channel: str
    ts: str
    payload: dict[str, Any]
    thread_ts: str
    at: float

    def message(self, with_metadata: bool) -> dict[str, Any]:
        shown = {"type": "message", "user": "U0BOT", "bot_id": "B0BOT", "ts": self.ts}
        kept = ("text", "blocks", "metadata") if with_metadata else ("text", "blocks")
        shown |= {key: self.payload[key] for key in kept if key in self.payload}
        return shown | ({"thread_ts": self.thread_ts} if self.thread_ts else {})


@dataclass(frozen=True)
class Call:
    """A request that arrived, whatever became of it."""

    method: str
    arguments: dict[str, Any]
    at: float


@dataclass
class Trouble:
    """What happens instead of an answer, to the next `times` calls of a method (in a channel)."""

    error: str = ""
    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False  #: the call takes effect all the same
    ending: str = (
        "answer"  #: or "silence", "reset" (in the middle of the answer), "drip" (an octet at a time)
    )
    method: str = "chat.postMessage"
    channel: str = ""
    times: int = 1
    after: int = 0  #: calls that pass untroubled first

    def strikes(self, method: str, channel: str) -> bool:
        if self.method != method or (self.channel and self.channel != channel) or not self.times:
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


class SlackServer:
    """Knows every channel whose id begins with C; `url` is its API."""

    def __init__(self, latency: float = 0.0, page: int = 1_000) -> None:
        self.latency = latency
        self.page = page  #: messages in an answer, at most; 15 for many apps
        self.posts: list[Posted] = []
        self.calls: list[Call] = []
        self.busiest = 0
        self._troubles: list[Trouble] = []
        self._busy = 0
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/api/"

    def __enter__(self) -> "SlackServer":
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def trouble(self, error: str = "", **what: Any) -> None:
        """Script a trouble: see Trouble for what can be said."""
        self._troubles.append(Trouble(error, **what))

    def forgive(self) -> None:
        """No trouble from here on."""
        self._troubles.clear()

    def called(self, method: str) -> list[dict[str, Any]]:
        return [call.arguments for call in self.calls if call.method == method]

    def told(self, channel: str) -> list[str]:
        """The texts a reader of the channel and its threads sees, in the order they came."""
        return [post.payload["text"] for post in self.posts if post.channel == channel]

    def shortest_gap(self, channel: str) -> float:
        """Seconds between the two closest posts in a channel: Slack allows one a second."""
        at = [post.at for post in self.posts if post.channel == channel]
        return min((later - earlier for earlier, later in pairwise(at)), default=float("inf"))

    def receive(
        self, method: str, token: str, arguments: dict[str, Any]
    ) -> tuple[Trouble | None, dict[str, Any]]:
        with self._busy_one():
            time.sleep(self.latency)
            with self._lock:
                self.calls.append(Call(method, arguments, time.monotonic()))
                channel = str(arguments.get("channel", ""))
                trouble = next((t for t in self._troubles if t.strikes(method, channel)), None)
                if trouble and not trouble.done:
                    return trouble, {"ok": False, "error": trouble.error}
                return trouble, self._answer(method, token, arguments)

    @contextmanager
    def _busy_one(self) -> Iterator[None]:
        with self._lock:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1

    def _answer(self, method: str, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
        known = {
            "auth.test": self._auth,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
        }
        if token != f"Bearer {TOKEN}":
            return _no("invalid_auth" if token else "not_authed")
        if method not in known:
            return _no("unknown_method")
        if method != "auth.test" and not str(arguments.get("channel", "")).startswith("C"):
            return _no("channel_not_found")
        return known[method](arguments)

    def _auth(self, _: dict[str, Any]) -> dict[str, Any]:
        return {
            "ok": True,
            "url": "https://test.slack.com/",
            "team": "Test",
            "team_id": "T1",
            "user_id": "U0BOT",
        }

    def _post(self, said: dict[str, Any]) -> dict[str, Any]:
        if fault := _fault(said):
            return _no(fault)
        ts = self._new_ts()
        post = Posted(said["channel"], ts, said, said.get("thread_ts", ""), time.monotonic())
        self.posts.append(post)
        return {"ok": True, "channel": post.channel, "ts": ts, "message": post.message(with_metadata=True)}

    def _new_ts(self) -> str:
        """The time of a message, which is its name too: no two are alike."""
        last = max((int(post.ts.replace(".", "")) for post in self.posts), default=0)
        moment = max(time.time_ns() // 1000, last + 1)
        return f"{moment // 1_000_000}.{moment % 1_000_000:06}"

    def chat(self, channel: str, times: int, thread_ts: str = "") -> None:
        """Others write something."""
        with self._lock:
            for n in range(times):
                said = {"channel": channel, "text": f"chatter {n}", "thread_ts": thread_ts}
                self._post({name: value for name, value in said.items() if value})

    def _update(self, said: dict[str, Any]) -> dict[str, Any]:
        if fault := _fault(said):
            return _no(fault)
        for post in self.posts:
            if (post.channel, post.ts) == (said["channel"], said.get("ts")):
                post.payload.update({key: said[key] for key in ("text", "blocks") if key in said})
                return {"ok": True, "channel": post.channel, "ts": post.ts, "text": said.get("text", "")}
        return _no("message_not_found")

    def _history(self, asked: dict[str, Any]) -> dict[str, Any]:
        seen = [p for p in self.posts if not p.thread_ts or p.payload.get("reply_broadcast")]
        seen = [p for p in seen if p.channel == asked["channel"] and _after(p.ts, asked)]
        return _page(seen[::-1], self._sized(asked))

    def _replies(self, asked: dict[str, Any]) -> dict[str, Any]:
        here = [p for p in self.posts if p.channel == asked["channel"]]
        if asked.get("ts") not in {p.ts for p in here}:
            return _no("thread_not_found")
        under = [p for p in here if p.thread_ts == asked["ts"] and _after(p.ts, asked)]
        return _page([p for p in here if p.ts == asked["ts"]] + under, self._sized(asked))

    def _sized(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {**asked, "limit": min(int(asked.get("limit", 100)), self.page)}


def _no(error: str) -> dict[str, Any]:
    return {"ok": False, "error": error}


def _fault(said: dict[str, Any]) -> str:
    metadata = said.get("metadata", {"event_type": "", "event_payload": {}})
    faults = {
        "no_text": not (said.get("text") or said.get("blocks")),
        "msg_too_long": len(said.get("text", "")) > 40_000,
        "invalid_blocks": len(said.get("blocks", ())) > 50 or not all(map(_is_known, _spans(said))),
        "invalid_metadata_format": set(metadata) != {"event_type", "event_payload"},
    }
    return next((code for code, true in faults.items() if true), "")


def _spans(part: Any) -> Iterator[dict[str, Any]]:
    """What stands in the rich text of blocks."""
    if isinstance(part, list):
        for each in part:
            yield from _spans(each)
    elif str(part.get("type", "")).startswith("rich_text"):
        for each in part["elements"]:
            yield from _spans(each) if each["type"].startswith("rich_text") else [each]
    elif "blocks" in part:
        yield from _spans(part["blocks"])


def _is_known(span: dict[str, Any]) -> bool:
    """https://docs.slack.dev/reference/block-kit/blocks/rich-text-block and its date-element."""
    match span:
        case {"type": "text", "text": str(text)}:
            return bool(text)
        case {"type": "link", "url": str(url)}:
            return bool(url)
        case {"type": "date", "timestamp": int(at), "format": str(form)}:
            tokens = re.findall(r"\{(\w+)\}", form)
            return at > 0 and bool(tokens) and set(tokens) <= DATE_TOKENS
    return False


def _after(ts: str, asked: dict[str, Any]) -> bool:
    return float(ts) > float(asked.get("oldest", 0))


def _page(posts: list[Posted], asked: dict[str, Any]) -> dict[str, Any]:
    """One page, newest first; a cursor goes on after the message it names, as Slack's do."""
    cut, size = asked.get("cursor", ""), int(asked.get("limit", 100))
    if cut and cut not in [p.ts for p in posts]:
        return _no("invalid_cursor")
    start = [p.ts for p in posts].index(cut) + 1 if cut else 0
    shown = [p.message(bool(int(asked.get("include_all_metadata", 0)))) for p in posts[start : start + size]]
    more = len(posts) > start + size
    cursor = {"response_metadata": {"next_cursor": posts[start + size - 1].ts}} if more else {}
    return {"ok": True, "messages": shown, "has_more": more, **cursor}


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up meanwhile is part of the story."""


def _handler(slack: SlackServer) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arguments = _decoded(body, self.headers.get_content_type())
            method = self.path.removeprefix("/api/")
            trouble, answer = slack.receive(method, self.headers.get("Authorization", ""), arguments)
            if trouble is None:
                return self._send(200, json.dumps(answer).encode(), {})
            if trouble.ending == "silence":
                slack.closing.wait()
                return None
            content = trouble.body if trouble.body is not None else json.dumps(answer).encode()
            if trouble.ending == "reset":
                self._reset(content)
                return None
            if trouble.ending == "drip":
                self._drip(content)
                return None
            return self._send(trouble.status, content, trouble.headers)

        def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _drip(self, content: bytes) -> None:
            """The whole answer, its head too, an octet every few milliseconds: no wait is ever long."""
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            for octet in head + content:
                self.wfile.write(bytes([octet]))
                self.wfile.flush()
                time.sleep(0.02)

        def _reset(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.wfile.flush()
            time.sleep(0.05)  # what was sent must arrive before the reset overtakes it
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


def _decoded(body: bytes, content_type: str) -> dict[str, Any]:
    if content_type == "application/json":
        return json.loads(body)
    form: dict[str, Any] = dict(parse_qsl(body.decode()))
    return form | {key: json.loads(form[key]) for key in ("blocks", "metadata") if key in form}
