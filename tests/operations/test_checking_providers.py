"""What the settings say of mail providers is checked before one of them posts in vain."""

import pytest
from provider_posts import SETTINGS

from alerts.operations.checking_settings import check_settings
from alerts.settings import Settings


def found(**given: str) -> list[str]:
    problems = check_settings(Settings(**given))  # type: ignore[arg-type]
    return [
        one.id for one in problems if one.id in ("settings.ses-topics", "settings.sendgrid-verification-key")
    ]


def test_what_can_be_used_is_no_problem() -> None:
    assert found(**SETTINGS) == []
    assert found() == []


@pytest.mark.parametrize("topics", ["alerts", "arn:aws:sqs:eu-west-1:123456789012:alerts", ","])
def test_what_is_no_topic_is_found(topics: str) -> None:
    assert found(ses_topics=topics) == ["settings.ses-topics"]


def test_an_api_key_in_the_place_of_the_verification_key_is_found() -> None:
    assert found(sendgrid_verification_key="SG.abcdefghijklmnop") == ["settings.sendgrid-verification-key"]
