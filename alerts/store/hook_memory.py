"""What was posted by mail providers and must be good for nothing else, or not a second time."""

from hashlib import sha256

from alerts.store.server import Server, translated


class HookMemory:
    """Names that providers gave, each with what it stood for.

    Key: `hook:{name}`, SHA-256 of the name, for providers write them as they like. Each has an end.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def claim(self, name: str, meaning: str, kept_ms: int) -> bool:
        """Let a name stand for something, from now on. False if it stands for something else already."""
        with translated():
            before = self._server.client.set(self._key(name), meaning, nx=True, px=kept_ms, get=True)
        return before is None or before == meaning.encode()

    def knows(self, name: str) -> bool:
        """Whether a name stands for anything."""
        with translated():
            return bool(self._server.client.exists(self._key(name)))

    def _key(self, name: str) -> str:
        return self._keys("hook", sha256(name.encode("utf-8", "surrogatepass")).hexdigest())
