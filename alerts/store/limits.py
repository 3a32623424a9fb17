"""How fast each route may go: permits by GCRA, shared by all workers."""

from alerts.store.server import Server


class RateLimits:
    """The pace of routes, kept where all workers see it.

    Key: `rate:{route}`, the instant from which the route's next message may go; it expires a second after the
    route owes nobody any patience, so an idle route has none.

    All workers together keep to `per_second` over time. A permit is given whole or not at all: one that is
    refused costs nothing, one for more than the `burst` makes the next wait, at most for as long as 128
    messages take. Where a reply is lost and the question repeated, the pace is slower than it might be.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._keys = server.keys

    def permit(self, route: str, n: int, per_second: float, burst: float) -> float:
        """Ask for a permit for `n` messages on a route: 0 is go, else the seconds to wait."""
        wait = self._server.run(
            "limits/permit_messages", [self._keys("rate", route)], [1000 / per_second, burst, n]
        )
        return int(wait) / 1000
