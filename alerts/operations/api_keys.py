"""Keys for programs: made, shown once, listed, revoked, and read from what a request shows.

A key is `alk_`, 32 letters and digits at random (190 bits) and a check sum of six, so that scanners for
secrets know one at sight and a slip of the hand is refused without asking the server.
"""

import hashlib
import re
import secrets
import string
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from alerts.errors import AlertsError, BadInput, Forbidden
from alerts.model import SLUG
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import future, utc_text
from alerts.services import Services
from alerts.store import ApiKey, KeyUse

#: What the audit calls the way in.
DOOR = "API"
PREFIX = "alk_"
_SIGNS = string.digits + string.ascii_letters
_RANDOM, _SUM = 32, 6
_SHAPE = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_RANDOM}}})([0-9A-Za-z]{{{_SUM}}})")
NETWORKS_MOST = 20


class NotAdmitted(AlertsError):
    """Whoever asks shows no key that is good here and now. Never says which of the reasons it is."""

    code = "not-admitted"


class TooSoon(AlertsError):
    """The key may be used again in `wait_s` seconds."""

    code = "too-soon"

    def __init__(self, wait_s: float) -> None:
        super().__init__("This is more than the pace allows.", "Wait as long as Retry-After says.")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made. Its secret is shown this once and kept nowhere."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key as operators see it."""

    key: ApiKey
    used: KeyUse | None

    def to_dict(self) -> dict[str, object]:
        key = self.key
        return {
            "name": key.name,
            "permissions": list(key.permissions),
            "created_at": utc_text(key.created_ms),
            "created_by": key.created_by,
            "expires_at": utc_text(key.expires_ms),
            "networks": list(key.networks),
            "used_at": utc_text(self.used.at_ms if self.used else None),
            "used_from": self.used.address if self.used else None,
        }


@dataclass(frozen=True, slots=True)
class Admission:
    """A program at the door: who it is, and how many more requests it may make at once."""

    actor: Actor
    digest: str
    left: int


def add_key(
    services: Services,
    actor: Actor,
    name: str,
    permissions: Iterable[Permission],
    *,
    expires: str | None = None,
    networks: Iterable[str] = (),
) -> NewKey:
    """Make a key under a name. `expires`: a time to come; `networks`: in CIDR notation, none for anywhere.

    Nobody can give away what they do not have themselves. Raises Forbidden, BadInput, Conflict.
    """
    actor.require(Permission.ADMINISTER)
    if not SLUG.fullmatch(name):
        raise BadInput(
            f"“{name[:60]}” cannot be the name of a key.",
            "Use at most 64 of a-z, 0-9 and hyphens between them: hr-sync.",
        )
    asked = set(permissions)
    may = tuple(p for p in Permission if p in asked)
    if not may:
        raise BadInput("A key needs a scope.", f"Give one or more of {', '.join(Permission)}.")
    if missing := [p for p in may if p not in actor.permissions]:
        raise Forbidden(
            f"Nobody can give the permission “{missing[0]}” who does not have it.", "Ask an administrator."
        )
    now_ms = services.server.now_ms()
    secret = _new_secret()
    key = ApiKey(
        digest_of(secret),
        name,
        tuple(p.value for p in may),
        now_ms,
        actor.name,
        future(expires, now_ms, services.settings.zone) if expires else None,
        _networks(networks),
    )
    services.api_keys.add(key)
    short = {"scopes": list(key.permissions), "expires": utc_text(key.expires_ms), "from": list(key.networks)}
    record(services, actor, "key.add", name, after={k: v for k, v in short.items() if v})
    return NewKey(key, secret)


def list_keys(services: Services, actor: Actor) -> list[ListedKey]:
    """Every key by name, with its last use to a minute. Raises Forbidden."""
    actor.require(Permission.ADMINISTER)
    return [ListedKey(key, used) for key, used in services.api_keys.all()]


def revoke_key(services: Services, actor: Actor, name: str) -> ListedKey:
    """Take a key away: no process lets it in at its next request. Raises Forbidden, NotFound."""
    actor.require(Permission.ADMINISTER)
    key = services.api_keys.revoke(name)
    record(services, actor, "key.revoke", name, before={"scopes": list(key.permissions)})
    return ListedKey(key, None)


def admit(services: Services, secret: str, address: str, per_second: float, burst: int) -> Admission:
    """Find out who shows a key, and take a permit for one request of theirs.

    Raises NotAdmitted, one and the same for a key that is misspelt, unknown, revoked, over, or used from
    elsewhere than it may be; TooSoon.
    """
    found = services.api_keys.admit(digest_of(secret), per_second, burst) if _well_formed(secret) else None
    if found is None or not _holds(found[0], found[1].now_ms, address):
        raise NotAdmitted(
            "A key is needed that is good here.", "Send `Authorization: Bearer alk_…`; see `alerts keys`."
        )
    key, permit = found
    if permit.wait_ms:
        raise TooSoon(permit.wait_ms / 1000)
    services.api_keys.note_use(key, KeyUse(permit.now_ms, address))
    actor = Actor(f"key {key.name}", DOOR, frozenset(map(Permission, key.permissions)))
    return Admission(actor, key.digest, permit.left)


def digest_of(secret: str) -> str:
    """What is kept of a key. A key is random enough that no salt and no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _holds(key: ApiKey, now_ms: int, address: str) -> bool:
    if key.expires_ms is not None and key.expires_ms <= now_ms:
        return False
    return not key.networks or any(_within(address, network) for network in key.networks)


def _within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network)
    except ValueError:  # a Unix socket has no address
        return False


def _networks(texts: Iterable[str]) -> tuple[str, ...]:
    networks = []
    for text in texts:
        try:
            networks.append(str(ip_network(text.strip(), strict=False)))
        except ValueError:
            raise BadInput(f"“{text[:60]}” is not a network.", "Write it like 10.0.0.0/8.") from None
    if len(networks) > NETWORKS_MOST:
        raise BadInput(f"A key names more than {NETWORKS_MOST} networks.", "Name greater ones.")
    return tuple(dict.fromkeys(networks))


def _new_secret() -> str:
    body = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM))
    return f"{PREFIX}{body}{_check_sum(body)}"


def _well_formed(secret: str) -> bool:
    shown = _SHAPE.fullmatch(secret)
    return shown is not None and shown[2] == _check_sum(shown[1])


def _check_sum(body: str) -> str:
    rest, signs = zlib.crc32(body.encode()), ""
    for _ in range(_SUM):
        rest, sign = divmod(rest, len(_SIGNS))
        signs = _SIGNS[sign] + signs
    return signs
