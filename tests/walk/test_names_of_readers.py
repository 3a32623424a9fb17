"""Whoever has a name is written to by it."""

from email import message_from_bytes, policy

from house import OPERATOR, draft, walk

from alerts.model import Filter, Subscription
from alerts.operations.subscribing import subscribers
from alerts.services import Services
from alerts.walk import steps


def test_a_mail_is_to_the_name_its_reader_was_subscribed_by(services: Services) -> None:
    """Names were kept, listed and exported, and no mail ever had one."""
    wanted = (Subscription(Filter(("UA",))),)
    for address, name in (("olena@example.org", "Коваль, Олена"), ("desk@example.org", "")):
        subscribers.add(services, OPERATOR, address, wanted, name=name)
    steps.publish(services, draft("flood"))
    walk(services)
    [digest] = services.updates.digests("flood")
    mails = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted((services.settings.outbox / "email" / digest).glob("*.eml"))
    ]
    assert [[(a.display_name, a.addr_spec) for a in found["To"].addresses] for found in mails] == [
        [("Коваль, Олена", "olena@example.org")],
        [("", "desk@example.org")],
    ]
