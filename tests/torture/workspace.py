"""A Slack Web API with a temper for each channel: posts, edits, threads, history by pages of fifteen."""

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.torture.plan import Plan

#: Messages a page of history has at the most, as for many apps since 2025.
PAGE = 15


@dataclass
class Post:
    """A message as it stands now in a channel, ours or somebody's chatter."""

    at: float  #: seconds, monotonic
    channel: str
    ts: str
    thread: str
    text: str
    name: str  #: the id in its metadata, empty for chatter
    metadata: dict[str, Any] = field(default_factory=dict)


class Workspace:
    """Serves on a port of its own; `posts` is read by the judge once all is over."""

    def __init__(self, plan: Plan) -> None:
        self.posts: list[Post] = []
        self.calm = False
        self.calls = 0
        self._channels = {p.address.partition("/")[2]: p.address for p in plan.people if p.slack}
        self._tempers = {
            address: [how for (who, _), (_, how) in plan.tempers.items() if who == address]
            for address in self._channels.values()
        }
        self._chatty = {c for c in self._channels if plan.dice.random() < 0.5}
        self._lock = threading.Lock()
        self._tick = 0
        workspace = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                workspace._serve(self)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> "Workspace":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        method = request.path.partition("?")[0].rsplit("/", 1)[-1]
        raw = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        asked = _asked(request, raw)
        self.calls += 1
        sulk = ""
        if method == "chat.postMessage" and not self.calm:
            waiting = self._tempers.get(self._channels.get(str(asked.get("channel")), ""), [])
            with self._lock:
                sulk = waiting.pop() if waiting else ""
        if sulk == "429":
            _answer(request, {"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"})
        elif sulk == "500 before":
            _answer(request, {"ok": False, "error": "internal_error"}, 500)
        elif sulk == "reset":
            request.connection.close()
            request.close_connection = True
        elif sulk in ("500 after", "lose answer", "drip"):
            done = self._do(method, asked)
            self._chatter(str(asked.get("channel")), 40)
            if sulk == "500 after":
                _answer(request, {"ok": False, "error": "fatal_error"}, 500)
            else:
                if sulk == "drip":
                    _drip(request, done)
                request.close_connection = True
        else:
            _answer(request, self._do(method, asked))

    def _do(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        channel = str(asked.get("channel", ""))
        if method == "auth.test":
            return {"ok": True, "team_id": "T0TORTURE", "team": "torture", "user_id": "U0", "bot_id": "B0"}
        if channel not in self._channels:
            return {"ok": False, "error": "channel_not_found"}
        if method == "chat.postMessage":
            return self._post(channel, asked)
        if method == "chat.update":
            return self._update(channel, asked)
        if method in ("conversations.history", "conversations.replies"):
            return self._history(channel, asked, method.endswith("replies"))
        return {"ok": False, "error": "unknown_method"}

    def _post(self, channel: str, asked: dict[str, Any]) -> dict[str, Any]:
        metadata = asked.get("metadata") or {}
        with self._lock:
            ts = self._now()
            name = str((metadata.get("event_payload") or {}).get("id", ""))
            text = json.dumps([asked.get("text"), asked.get("blocks")])
            self.posts.append(
                Post(time.monotonic(), channel, ts, str(asked.get("thread_ts") or ""), text, name, metadata)
            )
        if channel in self._chatty:
            self._chatter(channel, 3)
        return {"ok": True, "channel": channel, "ts": ts, "message": {"ts": ts}}

    def _update(self, channel: str, asked: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            for post in self.posts:
                if (post.channel, post.ts) == (channel, str(asked.get("ts"))):
                    post.text = json.dumps([asked.get("text"), asked.get("blocks")])
                    return {"ok": True, "channel": channel, "ts": post.ts}
        return {"ok": False, "error": "message_not_found"}

    def _history(self, channel: str, asked: dict[str, Any], replies: bool) -> dict[str, Any]:
        oldest, latest = float(asked.get("oldest") or 0), float(asked.get("latest") or "inf")
        with self._lock:
            seen = [p for p in self.posts if p.channel == channel and oldest <= float(p.ts) <= latest]
        if replies:
            root = str(asked.get("ts"))
            seen = [p for p in seen if root in (p.ts, p.thread)]
        else:
            seen = [p for p in reversed(seen) if not p.thread]
        begin = int(asked.get("cursor") or 0)
        page = seen[begin : begin + min(PAGE, int(asked.get("limit") or PAGE))]
        more = begin + len(page) < len(seen)
        return {
            "ok": True,
            "messages": [{"ts": p.ts, "text": "…", "metadata": p.metadata} for p in page],
            "has_more": more,
            "response_metadata": {"next_cursor": str(begin + len(page)) if more else ""},
        }

    def _chatter(self, channel: str, count: int) -> None:
        """Others write in the channel."""
        with self._lock:
            for _ in range(count):
                self.posts.append(Post(time.monotonic(), channel, self._now(), "", "chatter", ""))

    def _now(self) -> str:
        self._tick += 1
        return f"{int(time.time())}.{self._tick:06d}"


def _asked(request: BaseHTTPRequestHandler, raw: bytes) -> dict[str, Any]:
    if "json" in (request.headers.get("Content-Type") or ""):
        return dict(json.loads(raw or b"{}"))
    query = request.path.partition("?")[2] or raw.decode()
    return {name: values[-1] for name, values in parse_qs(query).items()}


def _answer(
    request: BaseHTTPRequestHandler,
    data: dict[str, Any],
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> None:
    body = json.dumps(data).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def _drip(request: BaseHTTPRequestHandler, data: dict[str, Any]) -> None:
    """An octet every half second, for a minute at the most, and then nothing."""
    body = json.dumps(data).encode() + b" " * 200
    try:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        request.wfile.write(b"Content-Length: %d\r\n\r\n" % len(body))
        for octet in body[:120]:
            request.wfile.write(bytes([octet]))
            request.wfile.flush()
            time.sleep(0.5)
    except OSError:
        pass
