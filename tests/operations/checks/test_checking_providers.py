"""What the settings say of mail providers is checked before one of them posts in vain."""

import pytest
from provider_posts import SETTINGS

from alerts.operations.checks.checking_settings import check_settings
from alerts.settings import Settings

OURS = ("settings.ses-topics", "settings.sendgrid-verification-key", "settings.hooks-public-url")
HTTPS = {"public_url": "https://alerts.example.org"}


def found(**given: str) -> list[str]:
    problems = check_settings(Settings(**(HTTPS | given)))  # type: ignore[arg-type]
    return [one.id for one in problems if one.id in OURS]


def test_what_can_be_used_is_no_problem() -> None:
    assert found(**SETTINGS) == []
    assert found(public_url="http://localhost:8000") == []


@pytest.mark.parametrize("topics", ["alerts", "arn:aws:sqs:eu-west-1:123456789012:alerts", ","])
def test_what_is_no_topic_is_found(topics: str) -> None:
    assert found(ses_topics=topics) == ["settings.ses-topics"]


def test_an_api_key_in_the_place_of_the_verification_key_is_found() -> None:
    assert found(sendgrid_verification_key="SG.abcdefghijklmnop") == ["settings.sendgrid-verification-key"]


@pytest.mark.parametrize("name", SETTINGS)
def test_what_is_posted_without_tls_is_warned_of(name: str) -> None:
    """A secret that Postmark carries, and the addresses of people, would pass in the open."""
    assert found(**{name: SETTINGS[name]}, public_url="http://alerts.example.org") == [
        "settings.hooks-public-url"
    ]
