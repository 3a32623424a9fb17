"""Posts per second over 200 channels of a Slack that takes 100 ms, and the pace within each channel."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

from alerts.channels.slack import SLACK
from alerts.model import Filter, Subscriber, Subscription
from bench.scene import draft, scene

CHANNELS, QUICK_CHANNELS = 200, 60
LATENCY_S = 0.1
#: Seconds to go on watching: beyond the burst of a workspace, its own pace of 200 a minute holds.
WATCHED_S, QUICK_WATCHED_S = 20.0, 5.0


class Posts:
    """When each channel was posted to."""

    def __init__(self) -> None:
        self.at: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def add(self, channel: str, at: float) -> str:
        with self._lock:
            self.at[channel].append(at)
            return f"{sum(map(len, self.at.values()))}.000000"

    @property
    def moments(self) -> list[float]:
        return sorted(moment for moments in self.at.values() for moment in moments)

    @property
    def shortest_gap(self) -> float:
        """Seconds between the two closest posts in one channel; infinite where none has two."""
        gaps = (b - a for moments in self.at.values() for a, b in pairwise(sorted(moments)))
        return min(gaps, default=float("inf"))


def run(quick: bool) -> dict[str, float]:
    count = QUICK_CHANNELS if quick else CHANNELS
    with _slack() as (url, posts), scene(slack_api_url=url, slack_bot_token="xoxb-bench") as stage:
        wishes = (Subscription(Filter(("UA",))),)
        stage.subscribe(Subscriber(0, SLACK.name, f"T1/C{n:03}", "UTC", wishes, 0) for n in range(count))
        with stage.workers():
            began = time.monotonic()
            stage.publish(draft("talks-1", "UA", paragraphs=3))
            stage.publish(draft("talks-2", "UA", paragraphs=3))
            stage.publish(draft("talks-3", "UA", paragraphs=3))
            while len(posts.moments) < count:
                time.sleep(0.01)
            took = posts.moments[count - 1] - began
            time.sleep(QUICK_WATCHED_S if quick else WATCHED_S)
            posted = len(posts.moments)
    return {
        "slack.posts_per_s": count / took,
        "slack.posts_watched": posted,
        "slack.shortest_gap_s": posts.shortest_gap,
    }


@contextmanager
def _slack() -> Iterator[tuple[str, Posts]]:
    """Slack's API as far as posting needs it."""
    posts = Posts()

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            at = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(LATENCY_S)
            answer = {"ok": True, "team_id": "T1", "url": "https://bench.slack.com/", "user_id": "U0"}
            if self.path.endswith("chat.postMessage"):
                channel = json.loads(body)["channel"]
                answer |= {"channel": channel, "ts": posts.add(channel, at), "message": {}}
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/", posts
    finally:
        server.shutdown()
        server.server_close()
