"""Rendered messages, kept from rendering to the last recipient."""

import json
import zlib

from alerts.errors import NotFound
from alerts.model import Blank, Channel, Fill, Message
from alerts.store.server import Server, translated


class Messages:
    """One rendered message a digest, its blanks open.

    Key: `digest:{id}:message`, compressed; it is kept and expires with its digest. Written before the
    digest is frozen, so whoever sends a batch finds it. Rendering the same digest again writes the same
    bytes.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def keep(self, message: Message) -> None:
        """Store the rendered message, compressed."""
        pieces = [
            piece.decode("latin-1") if isinstance(piece, bytes) else [piece.name, piece.fill.value]
            for piece in message.pieces
        ]
        packed = zlib.compress(json.dumps([message.channel, pieces]).encode(), 6)
        with translated():
            # Rendered once more, late: it expires with the digest all the same.
            self._server.client.set(self._keys("digest", message.digest, "message"), packed, keepttl=True)

    def get(self, digest: str) -> Message:
        """Raises NotFound for a digest that was not rendered."""
        with translated():
            packed = self._server.client.get(self._keys("digest", digest, "message"))
        if packed is None:
            raise NotFound(f"Digest {digest} has no message.", "It may be older than ALERTS_KEEP_DAYS.")
        channel, pieces = json.loads(zlib.decompress(packed))
        return Message(
            digest,
            Channel(channel),
            tuple(
                piece.encode("latin-1") if isinstance(piece, str) else Blank(piece[0], Fill(piece[1]))
                for piece in pieces
            ),
        )
