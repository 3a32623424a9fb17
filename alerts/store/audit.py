"""Who changed what: a stream that is only ever added to, and whose oldest entries end with their time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from alerts.model import Instant
from alerts.store.server import Server, translated

CHUNK = 500


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change by somebody, through one door. `before` and `after` hold what changed, in short."""

    at_ms: Instant
    who: str
    door: str
    action: str
    subject: str
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)


class Audit:
    """Every change by somebody, in the order of writing.

    Key: `audit`. Nothing is changed once it is there; what is older than ALERTS_AUDIT_DAYS goes at a
    later write, in whole blocks of the stream.
    """

    def __init__(self, server: Server, keep_days: int) -> None:
        self._client = server.client
        self._key = server.keys("audit")
        self._keep_ms = keep_days * 24 * 3600 * 1000

    def add(self, entry: AuditEntry) -> None:
        """Append an entry; whatever is older than ALERTS_AUDIT_DAYS goes, in blocks."""
        fields = {
            "at_ms": entry.at_ms,
            "who": entry.who,
            "door": entry.door,
            "action": entry.action,
            "subject": entry.subject,
            "before": json.dumps(dict(entry.before), ensure_ascii=False),
            "after": json.dumps(dict(entry.after), ensure_ascii=False),
        }
        with translated():
            self._client.xadd(self._key, fields, minid=max(0, entry.at_ms - self._keep_ms), approximate=True)

    def entries(self, since_ms: Instant = 0) -> Iterator[AuditEntry]:
        """What was written since an instant, newest first; with flat memory however much there is."""
        newest = "+"
        while True:
            with translated():
                rows = self._client.xrevrange(self._key, newest, since_ms, count=CHUNK)
            for name, fields in rows:
                text = {key.decode(): value.decode() for key, value in fields.items()}
                yield AuditEntry(
                    at_ms=int(text.pop("at_ms")),
                    before=json.loads(text.pop("before")),
                    after=json.loads(text.pop("after")),
                    **text,
                )
                newest = f"({name.decode()}"
            if len(rows) < CHUNK:
                return
