"""Which of the secrets of an address signs what is sent there. The secrets themselves are kept nowhere."""

from typing import NamedTuple

from alerts.model.names import Instant


class SecretGeneration(NamedTuple):
    """How often the secret of an address was changed, the first counted, and when last (0: never)."""

    number: int = 1
    since_ms: Instant = 0


FIRST_GENERATION = SecretGeneration()
