"""Slack posts, to edit them and to thread under them."""

from collections.abc import Sequence

from alerts.model import Post
from alerts.store.server import Server, translated


class SlackPosts:
    """Where the Slack post of an update is, for each subscriber that has one.

    Key: `posts:{update}`, sid → channel and ts; it has no end. Written once Slack has taken the post, so a
    post that is named here exists, unless somebody deleted it there.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def keep(self, updates: Sequence[str], sid: int, post: Post) -> None:
        """Remember where the post of some updates is for one subscriber."""
        keys = [self._keys("posts", update) for update in updates]
        self._server.run("digest/keep_post", keys, [sid, f"{post.channel} {post.ts}"])

    def get(self, update: str, sid: int) -> Post | None:
        """Where the post of an update is for one subscriber."""
        with translated():
            found = self._server.client.hget(self._keys("posts", update), sid)
        return Post(*found.decode().split(" ")) if found else None
