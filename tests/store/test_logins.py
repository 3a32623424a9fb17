"""A user of its own on the server: what it needs, and what is said when it may not do something."""

from collections.abc import Iterator

import pytest
from house import draft, subscribe, told, walk
from pydantic import SecretStr

from alerts.errors import Unreachable
from alerts.model import State
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps

MAY = ("on", ">pass", "~alerts:*", "+@all", "-@admin", "-@dangerous", "+info")


@pytest.fixture
def logged_in(services: Services, settings: Settings) -> Iterator[Services]:
    """Services as a user without the commands of an administrator, CONFIG among them."""
    client = services.server.client
    client.execute_command("ACL", "SETUSER", "app", "reset", *MAY)
    yield from login(settings, "app:pass")
    client.execute_command("ACL", "DELUSER", "app")


def login(settings: Settings, user: str) -> Iterator[Services]:
    url = settings.state_url.replace("unix://", f"unix://{user}@")
    ready = connect(settings.model_copy(update={"redis_url": SecretStr(url)}))
    yield ready
    ready.close()


def test_a_user_who_may_not_configure_the_server_can_check_it_and_do_everything(logged_in: Services) -> None:
    """CONFIG GET was asked for the policy: whoever may not was told that the login is refused."""
    assert logged_in.server.check() == []
    subscribe(logged_in, "kyiv@example.org", "UA")
    steps.publish(logged_in, draft())
    walk(logged_in)
    logged_in.due.rewind()
    assert told(logged_in, "ua-talks") == {"kyiv@example.org": [State.SENT]}


def test_what_a_user_may_not_do_is_not_called_a_wrong_login(services: Services, logged_in: Services) -> None:
    services.server.client.execute_command("ACL", "SETUSER", "app", "-zcard")
    with pytest.raises(Unreachable, match="lets our user in") as refused:
        logged_in.due.count()
    assert "docs/settings.md" in refused.value.hint


def test_a_wrong_login_is_called_one(settings: Settings, logged_in: Services) -> None:
    for stranger in login(settings, "app:wrong"):
        with pytest.raises(Unreachable, match="refuses our login"):
            stranger.due.count()
