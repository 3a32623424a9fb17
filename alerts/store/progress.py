"""How far a digest has come, by its hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from alerts.model import DigestState, Instant, State

#: The state in which older versions left what cannot be rendered: it has no batches, and is not tried again.
_NEVER_RENDERED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a digest has come. `counts` has every state that occurs."""

    state: DigestState
    batches: int
    frozen_ms: Instant | None
    counts: dict[State, int]
    why: str = ""
    stopped: bool = False
    fault: str = ""  #: why it cannot be rendered: whoever it is owed to ends as `failed`

    @classmethod
    def read(cls, row: Mapping[bytes, bytes]) -> Self:
        """Read the hash of a digest."""
        fields = {name.decode(): value.decode() for name, value in row.items()}
        state, fault = fields.get("state", DigestState.OPEN), fields.get("fault", "")
        if state == _NEVER_RENDERED:
            state, fault = DigestState.DONE, fields.get("why", "")
        return cls(
            DigestState(state),
            int(fields.get("batches", 0)),
            int(fields["at"]) if "at" in fields else None,
            {state: n for state in State if (n := int(fields.get(state.value, 0)))},
            fields.get("why", ""),
            "stop" in fields,
            fault,
        )
