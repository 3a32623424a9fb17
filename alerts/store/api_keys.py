"""Keys of the API: who holds them, what for and until when. What they are made of is kept nowhere."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from alerts.errors import Conflict, NotFound
from alerts.model import Instant
from alerts.store.server import Server, translated

#: How often a process writes down the last use of a key: a request costs no write but its permit.
NOTED_EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: by the SHA-256 of what its holder shows, in hexadecimal."""

    digest: str
    name: str
    permissions: tuple[str, ...]
    created_ms: Instant
    created_by: str
    expires_ms: Instant | None = None
    networks: tuple[str, ...] = ()  #: where it may be used from, in CIDR notation; empty: anywhere


@dataclass(frozen=True, slots=True)
class KeyUse:
    """When a key was last used, to a minute, and from which address."""

    at_ms: Instant
    address: str


@dataclass(frozen=True, slots=True)
class Permit:
    """What the pace leaves a key: how long to wait (0 is go), and how many requests may follow at once."""

    wait_ms: int
    left: int
    now_ms: Instant


class ApiKeys:
    """The keys that programs show, found by their digest in one round trip.

    Keys: `api_keys`, `api_key_names`, `api_keys_used`. A key that is revoked is gone for every process at
    the next request; it stays in the audit.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys, self._names, self._used = map(server.keys, ("api_keys", "api_key_names", "api_keys_used"))
        #: When this process last wrote down the use of each.
        self._noted: dict[str, Instant] = {}

    def add(self, key: ApiKey) -> None:
        """Keep a key. Raises Conflict if another one bears its name."""
        if not self._server.run(
            "access/add_key", [self._names, self._keys], [key.name, key.digest, json.dumps(asdict(key))]
        ):
            raise Conflict(f"There is a key “{key.name}” already.", "Choose another name, or revoke it.")

    def all(self) -> Iterator[tuple[ApiKey, KeyUse | None]]:
        """Every key by name, and its last use."""
        with translated():
            rows, used = self._server.client.hvals(self._keys), self._server.client.hgetall(self._used)
        for key in sorted(map(_key, rows), key=lambda key: key.name):
            last = used.get(key.digest.encode())
            yield key, KeyUse(**json.loads(last)) if last else None

    def admit(self, digest: str, per_second: float, burst: int) -> tuple[ApiKey, Permit] | None:
        """The key with this digest and a permit for one request; None if there is no such key."""
        found = self._server.run(
            "access/admit_request",
            [self._keys, self._server.keys("rate", "key", digest[:32])],
            [digest, 1000 / per_second, burst],
        )
        if found is None:
            return None
        return _key(found[0]), Permit(*map(int, found[1:]))

    def note_use(self, key: ApiKey, use: KeyUse) -> None:
        """Write down when and from where a key was last used, but not more often than every minute."""
        if use.at_ms - self._noted.get(key.digest, 0) < NOTED_EVERY_MS:
            return
        self._noted[key.digest] = use.at_ms
        with translated():
            self._server.client.hset(self._used, key.digest, json.dumps(asdict(use)))

    def revoke(self, name: str) -> ApiKey:
        """Take a key away from its holder. Raises NotFound."""
        with translated():
            digest = self._server.client.hget(self._names, name)
            row = self._server.client.hget(self._keys, digest) if digest else None
            if row is None:
                raise NotFound(f"There is no key “{name}”.", "See `alerts keys list`.")
            with self._server.client.pipeline(transaction=True) as pipe:
                pipe.hdel(self._keys, digest)
                pipe.hdel(self._used, digest)
                pipe.hdel(self._names, name)
                pipe.execute()
        return _key(row)


def _key(row: bytes) -> ApiKey:
    key = ApiKey(**json.loads(row))
    return replace(key, permissions=tuple(key.permissions), networks=tuple(key.networks))
