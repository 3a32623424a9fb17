"""Everybody's subscriptions as rows, one after the other: what `importing` reads back unchanged."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from alerts.model import Standing, Subscriber
from alerts.operations.acting import Actor, Permission
from alerts.operations.rows import Form, Row, write
from alerts.services import Services


@dataclass(slots=True)
class Exported:
    """How much was written. `paused`: subscribers whose pause is not in the rows."""

    subscribers: int = 0
    rows: int = 0
    paused: int = 0


def export(services: Services, actor: Actor, stream: TextIO, form: Form = Form.CSV) -> Exported:
    """Write one row per subscription. Its name, pauses and suppressions have no column. Raises Forbidden."""
    actor.require(Permission.READ)
    count = Exported()

    def rows() -> Iterator[Row]:
        for subscriber in services.subscribers.everyone():
            count.subscribers += 1
            count.paused += subscriber.standing is Standing.PAUSED
            for row in rows_of(subscriber):
                count.rows += 1
                yield row

    write(rows(), stream, form)
    return count


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
        )
