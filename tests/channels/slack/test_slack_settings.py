"""What `alerts check` says of settings with which posts would go out as they should not."""

from pydantic import SecretStr

from alerts.channels import CHANNELS
from alerts.model import Channel
from alerts.settings import Settings

REAL = Settings(slack_bot_token=SecretStr("xoxb-not-a-token"))


def found(settings: Settings) -> list[str]:
    return [problem.id for problem in CHANNELS[Channel("slack")].problems(settings)]


def test_links_in_posts_that_would_lead_to_nobodys_machine_are_a_warning() -> None:
    """Where only Slack is configured nothing needed ALERTS_PUBLIC_URL, until posts had links of ours."""
    assert found(REAL) == ["settings.slack-public-url"]
    assert found(REAL.model_copy(update={"public_url": "https://alerts.example.org"})) == []
    assert found(Settings()) == []
