"""A mail says its delivery to the provider that it goes through, and to no other."""

from email import message_from_bytes

import pytest
from house import draft, subscribe, walk
from provider_posts import SETTINGS
from smtp_server import SmtpServer

from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps

HEADERS = {
    "sendgrid_verification_key": ("X-SMTPAPI", '{"unique_args": {"alerts_delivery": "TOKEN"}}'),
    "mailgun_signing_key": ("X-Mailgun-Variables", '{"alerts_delivery": "TOKEN"}'),
    "postmark_secret": ("X-PM-Metadata-alerts-delivery", "TOKEN"),
}


@pytest.mark.parametrize("setting", ["", *SETTINGS])
def test_only_what_is_set_up_is_told_and_by_the_signed_name_of_the_delivery(
    services: Services, setting: str
) -> None:
    """What none of them takes out of the mail again everybody would read who gets it."""
    configured = {setting: SETTINGS[setting]} if setting else {}
    with SmtpServer() as relay:
        home = services.settings.home
        ready = connect(Settings(home=home, smtp_url=relay.url, **configured))  # type: ignore[arg-type]
        subscribe(ready, "kyiv@example.org", "UA")
        steps.publish(ready, draft())
        walk(ready)
        ready.close()
    [mail] = [message_from_bytes(arrived.data) for arrived in relay.arrived]
    token = str(mail["Message-ID"])[1:].partition("@")[0]
    assert services.links.returned_delivery(token) is not None
    assert [(name, mail[name]) for name, _ in HEADERS.values() if mail[name]] == [
        (name, value.replace("TOKEN", token)) for of, (name, value) in HEADERS.items() if of == setting
    ]
