"""Who acts, what they may do, and the entry that is written about it. Decided here, once for every door."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from alerts.errors import Forbidden
from alerts.services import Services
from alerts.store import AuditEntry


class Permission(StrEnum):
    """What somebody may do. None of them includes another."""

    READ = "read"  #: see updates, deliveries, subscribers, settings
    PUBLISH = "publish"  #: publish, withdraw and close updates, retry them
    MANAGE = "manage"  #: subscribers, subscriptions, suppressions, tags
    ADMINISTER = "admin"  #: keys, operators, feeds, the installation itself; who changed what


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at a door. `name` is how the audit calls them; `door` is the one they came through."""

    name: str
    door: str
    permissions: frozenset[Permission]

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless they have the permission."""
        if permission not in self.permissions:
            raise Forbidden(
                f"This needs the permission “{permission}”, which {self.name} does not have.",
                "Ask an administrator for it, or for a key that has it.",
            )


def record(
    services: Services,
    actor: Actor,
    action: str,
    subject: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write down one change once it is made: `update.publish`, `subscriber.pause`.

    `before` and `after` have, in short, only what changed, as JSON can say it; never a secret. Written after
    the change and not with it: of a process killed in between, the change stays and the entry is missing.
    """
    services.audit.add(
        AuditEntry(
            at_ms=services.server.now_ms(),
            who=actor.name,
            door=actor.door,
            action=action,
            subject=subject,
            before=dict(before or {}),
            after=dict(after or {}),
        )
    )
