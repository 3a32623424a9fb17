"""A template fails: a routine digest waits for an operator, an urgent one for nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house import draft, subscribe, tell, told

from alerts.model import Severity, State
from alerts.services import Services, connect
from alerts.settings import Settings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose template for the text of an email asks for a gigabyte."""
    broken = tmp_path / "templates" / "email" / "one.txt.j2"
    broken.parent.mkdir(parents=True)
    broken.write_text("one\n{{ 'a' * 10**9 }}")
    return tmp_path / "templates"


@pytest.fixture
def services(settings: Settings, folder: Path) -> Iterator[Services]:
    ready = connect(settings.model_copy(update={"templates_dir": folder}))
    ready.server.client.flushall()
    yield ready
    ready.close()


def notices(services: Services) -> list[tuple[str, str]]:
    return [(notice["what"], notice["why"]) for notice in services.notices.latest()]


def test_an_urgent_update_goes_out_with_the_shipped_templates(services: Services, folder: Path) -> None:
    """It went to nobody: all of its readers waited until somebody had mended a footer."""
    subscribe(services, "anna@example.org", "UA")
    tell(services, draft(severity=Severity.SEVERE))
    assert told(services, "ua-talks") == {"anna@example.org": [State.SENT]}
    [(what, why)] = notices(services)
    assert what == "rendered with the shipped templates"
    assert f"{folder}/email/one.txt.j2, line 2," in why


def test_a_routine_update_waits_for_the_template_to_be_mended(services: Services, folder: Path) -> None:
    subscribe(services, "anna@example.org", "UA")
    tell(services, draft())
    assert told(services, "ua-talks") == {}
    [(what, why)] = notices(services)
    assert what == "render failed"
    assert f"{folder}/email/one.txt.j2, line 2," in why
