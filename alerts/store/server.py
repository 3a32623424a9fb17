"""The connection to Redis or Valkey, and the scripts that run inside it."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import islice
from typing import Any

import redis
from redis.backoff import ExponentialBackoff
from redis.commands.core import Script
from redis.retry import Retry

from alerts.errors import AlertsError, Refused
from alerts.settings import Problem
from alerts.store.keys import Keys
from alerts.store.refusals import understood

#: The floor for `#!lua flags=…` in scripts.
LEAST_VERSION = (7, 0)
#: Redis has WAITAOF since then, and every Valkey.
DURABLE_VERSION = (7, 2)


class Server:
    """One server's state under one prefix. Safe to share between threads.

    Key: `probe`, written by `check` to see whether anything can be.

    Lost replies are retried, so every script here is safe to run twice.
    """

    def __init__(self, url: str, prefix: str) -> None:
        self.keys = Keys(prefix)
        #: Its own types mix the answers of the synchronous and the asynchronous client, bytes and str.
        self.client: Any = _client(url)
        self._scripts: dict[str, Script] = {}
        self._fsync: bool | None = None

    def run(self, script: str, keys: Sequence[str], args: Sequence[Any] = (), pipe: Any = None) -> Any:
        """Run `scripts/{script}.lua`, named by its group: `ledger/take_lease`. On a pipeline, add it there.

        Raises Refused and Unreachable.
        """
        if script not in self._scripts:
            self._scripts[script] = self.client.register_script(self.source(script))
        with translated():
            return self._scripts[script](keys=keys, args=args, client=pipe)

    def source(self, script: str) -> str:
        """The text of a script."""
        return files("alerts.store").joinpath(f"scripts/{script}.lua").read_text(encoding="utf-8")

    def run_durably(self, script: str, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Run a script and return only once its effect is on disk, where the server can tell (`WAITAOF`)."""
        with translated(), self.client.pipeline(transaction=False) as pipe:
            self.run(script, keys, args, pipe)
            if self._can_fsync():
                pipe.execute_command("WAITAOF", 1, 0, 3000)
            done = pipe.execute()
            if len(done) > 1 and int(done[1][0]) < 1:
                raise Refused("The server did not write to disk in time.", "Publish again: it is safe.")
            return done[0]

    def sids(self, key: str, most: int) -> Iterator[list[int]]:
        """The numbers in a set, `most` at a time; what changes meanwhile may come twice, or not."""
        with translated():
            found = self.client.sscan_iter(key, count=most)
            while portion := [int(sid) for sid in islice(found, most)]:
                yield portion

    def now_ms(self) -> int:
        """The server's time: the only clock that instants are taken from."""
        with translated():
            seconds, micros = self.client.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def close(self) -> None:
        self.client.close()

    def name(self) -> str:
        """What it calls itself: `Valkey 8.1.4`, `Redis 7.0.15`."""
        info = self._info()
        valkey = info.get("valkey_version")
        return f"Valkey {valkey}" if valkey else f"Redis {info['redis_version']}"

    def lacking(self) -> Problem | None:
        """What an older server cannot do that the first promise rests on."""
        if _tells_when_on_disk(self._info()):
            return None
        return Problem(
            "server.durability",
            "warning",
            f"{self.name()} cannot tell when a publish is on disk (WAITAOF): if its machine fails, up to a "
            "second of what was acknowledged is lost.",
            "Use Valkey, or Redis 7.2 or later, or the bundled server.",
        )

    def _info(self) -> dict[str, Any]:
        with translated():
            info: dict[str, Any] = self.client.info()
            return info

    def check(self) -> list[Problem]:
        """What makes this server unfit to be trusted with what is owed. Tries a write. Raises Unreachable."""
        info = self._info()
        policy = info.get("maxmemory_policy", "noeviction")
        found = []
        version = tuple(int(part) for part in info["redis_version"].split(".")[:2])
        if version < LEAST_VERSION:
            found.append(
                Problem(
                    "server.version",
                    "error",
                    f"The server is version {info['redis_version']}; 7.0 is the least.",
                    "Use Redis or Valkey 7.0 or later, or the bundled server.",
                )
            )
        elif lacking := self.lacking():
            found.append(lacking)
        if not info.get("aof_enabled"):
            found.append(
                Problem(
                    "server.persistence",
                    "error",
                    "The server keeps no append-only file: what is owed would be lost with it.",
                    "Set `appendonly yes` on the server.",
                )
            )
        if policy != "noeviction":
            found.append(
                Problem(
                    "server.eviction",
                    "error",
                    f"The server may evict keys ({policy}): what is owed could vanish.",
                    "Set `maxmemory-policy noeviction` on the server.",
                )
            )
        if info.get("role") == "slave":
            found.append(
                Problem(
                    "server.replica",
                    "error",
                    "The server is a replica: what is written to it does not last.",
                    "ALERTS_REDIS_URL must name the primary.",
                )
            )
        try:
            self._try_write()
        except AlertsError as fault:
            found.append(Problem("server.write", "error", fault.sentence, fault.hint))
        return found

    def _try_write(self) -> None:
        """Write as a publish would, which a full or read-only server refuses: a key that is gone at once."""
        with translated():
            self.client.set(self.keys("probe"), 1, px=1)

    def _can_fsync(self) -> bool:
        if self._fsync is None:
            info = self.client.info()
            self._fsync = bool(info.get("aof_enabled")) and _tells_when_on_disk(info)
        return self._fsync


def _tells_when_on_disk(info: Mapping[str, Any]) -> bool:
    """Whether the server has WAITAOF."""
    version = tuple(int(part) for part in info["redis_version"].split(".")[:2])
    return "valkey_version" in info or version >= DURABLE_VERSION


def _client(url: str) -> redis.Redis:
    """A client, not connected yet."""
    return redis.Redis.from_url(
        url,
        decode_responses=False,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=15,
        retry=Retry(ExponentialBackoff(cap=1, base=0.02), retries=4),
    )


class translated:  # noqa: N801 - reads as the context it is
    """Turn the client's exceptions into sentences with a hint."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if fault := understood(error):
            raise fault from error
