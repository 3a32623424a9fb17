"""What mail providers carry along with a mail, and give back with whatever they post about it.

A provider that replaces our `Message-ID` would post about mails that nobody knows. Each header is written
only where the settings say that it is that provider who is told of events.
"""

from collections.abc import Iterator

from alerts.channels.email.headers import Pieces, field
from alerts.model import Blank, Fill
from alerts.settings import Settings

_TOKEN = Blank("delivery", Fill.HEADER)


def carried_fields(settings: Settings) -> tuple[Pieces, ...]:
    """The fields of every mail by which its delivery is known again; none where nobody gives them back."""
    return tuple(_fields(settings))


def _fields(settings: Settings) -> Iterator[Pieces]:
    if settings.sendgrid_verification_key is not None:
        yield field("X-SMTPAPI", '{"unique_args": {"alerts_delivery": "', _TOKEN, '"}}')
    if settings.mailgun_signing_key is not None:
        yield field("X-Mailgun-Variables", '{"alerts_delivery": "', _TOKEN, '"}')
    if settings.postmark_secret is not None:
        yield field("X-PM-Metadata-alerts-delivery", _TOKEN)
