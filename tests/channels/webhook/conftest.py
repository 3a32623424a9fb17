"""What the stories about webhooks begin with: a receiver, and a sender that may call this machine."""

from collections.abc import Iterator

import pytest
from webhook_receiver import WebhookReceiver


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver() as made:
        yield made
