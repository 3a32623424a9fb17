"""The connection to Redis or Valkey, and the scripts that run inside it."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import redis
from redis.backoff import ExponentialBackoff
from redis.commands.core import Script
from redis.retry import Retry

from alerts.errors import BadInput, Refused, Unreachable
from alerts.settings import Problem
from alerts.store.keys import Keys

#: The floor for `#!lua flags=…` in scripts.
LEAST_VERSION = (7, 0)


class Server:
    """One server's state under one prefix. Safe to share between threads.

    Lost replies are retried, so every script here is safe to run twice.
    """

    def __init__(self, url: str, prefix: str) -> None:
        self.keys = Keys(prefix)
        #: Its own types mix the answers of the synchronous and the asynchronous client, bytes and str.
        self.client: Any = _client(url)
        self._scripts: dict[str, Script] = {}
        self._fsync: bool | None = None

    def run(self, script: str, keys: Sequence[str], args: Sequence[Any] = (), pipe: Any = None) -> Any:
        """Run `scripts/{script}.lua`; on a pipeline, add it there. Raises Refused and Unreachable."""
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

    def now_ms(self) -> int:
        """The server's time: the only clock that instants are taken from."""
        with translated():
            seconds, micros = self.client.time()
        return int(seconds) * 1000 + int(micros) // 1000

    def close(self) -> None:
        self.client.close()

    def check(self) -> list[Problem]:
        """What makes this server unfit to be trusted with what is owed."""
        with translated():
            info = self.client.info()
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
        return found

    def _can_fsync(self) -> bool:
        if self._fsync is None:
            info = self.client.info()
            valkey = "valkey_version" in info
            version = tuple(int(part) for part in info["redis_version"].split(".")[:2])
            self._fsync = bool(info.get("aof_enabled")) and (valkey or version >= (7, 2))
        return self._fsync


def _client(url: str) -> redis.Redis:
    """A client, not connected yet. Raises BadInput, which never repeats the URL: a password is in it."""
    try:
        return redis.Redis.from_url(
            url,
            decode_responses=False,
            socket_timeout=5,
            socket_connect_timeout=2,
            health_check_interval=15,
            retry=Retry(ExponentialBackoff(cap=1, base=0.02), retries=4),
        )
    except ValueError:
        raise BadInput(
            "ALERTS_REDIS_URL is not the address of a server.",
            "Write redis://user:password@host:6379/1, rediss://… for TLS, or unix:///path?db=1.",
        ) from None


class translated:  # noqa: N801 - reads as the context it is
    """Turn the client's exceptions into sentences with a hint."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, redis.exceptions.OutOfMemoryError) or (
            isinstance(error, redis.exceptions.ResponseError) and "OOM" in str(error)
        ):
            raise Refused(
                "The server is out of memory and takes in nothing new; what it owes still goes out.",
                "Give it more memory (maxmemory), then publish again.",
            ) from error
        if isinstance(error, redis.exceptions.ResponseError) and any(
            word in str(error) for word in ("MISCONF", "NOREPLICAS")
        ):
            raise Refused(
                "The server cannot write to its disk and takes in nothing new.",
                "Free space on the server's disk.",
            ) from error
        if isinstance(error, redis.exceptions.NoPermissionError):
            raise Unreachable(
                "The server lets our user in, but not do this.",
                "docs/settings.md says what a user of its own needs.",
            ) from error
        if isinstance(error, redis.exceptions.AuthenticationError):
            raise Unreachable(
                "The server refuses our login.", "Check user and password in ALERTS_REDIS_URL."
            ) from error
        if isinstance(error, redis.exceptions.ConnectionError | redis.exceptions.TimeoutError):
            raise Unreachable(
                "The server does not answer.", "Is it running? Check ALERTS_REDIS_URL, or run `alerts check`."
            ) from error
