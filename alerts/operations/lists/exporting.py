"""Everybody's subscriptions as rows, one after the other: what `importing` reads back unchanged."""

from collections.abc import Iterator

from alerts.model import Standing, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.lists.rows import Form, Row, as_table
from alerts.services import Services


def export(services: Services, actor: Actor) -> "Exported":
    """Read everybody, as the lines of a table are asked for. Raises Forbidden."""
    actor.require(Permission.READ)
    return Exported(services)


class Exported:
    """Everybody as rows, one after the other, and how many there were so far.

    The name of a subscription, pauses and suppressions have no column; `paused` counts whose pause is not in
    the rows.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.subscribers = self.rows = self.paused = 0

    def lines(self, form: Form = Form.CSV) -> Iterator[str]:
        """The lines of the table, as they are read."""
        return as_table(self._rows(), form)

    def _rows(self) -> Iterator[Row]:
        for subscriber in self._services.subscribers.everyone():
            self.subscribers += 1
            self.paused += subscriber.standing is Standing.PAUSED
            for row in rows_of(subscriber):
                self.rows += 1
                yield row


def rows_of(subscriber: Subscriber) -> Iterator[Row]:
    """The rows of one subscriber."""
    for subscription in subscriber.subscriptions:
        wanted = subscription.filter
        yield Row(
            subscriber.channel,
            subscriber.address,
            subscriber.name,
            subscriber.zone,
            ";".join(wanted.regions),
            ";".join(wanted.any_tags),
            ";".join(wanted.all_tags),
            ";".join(wanted.none_tags),
            wanted.min_severity,
            str(subscription.cadence),
            str(subscription.quiet or ""),
            subscription.bypass or "",
            str(subscription.cap or ""),
            "yes" if subscription.all_quiet else "",
            subscriber.language,
            subscriber.owner,
        )
