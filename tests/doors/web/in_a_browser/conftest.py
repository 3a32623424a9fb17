"""A browser, and a door for it, for all the paths that one process goes; each path over an empty server."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi import FastAPI
from inspector import Inspector
from mailroom import Mailroom
from named_door import NamedPages, served
from playwright.sync_api import Browser
from screens import Screen, screens_for
from visitor import Visitor, chromium, visiting

from alerts.doors.web import application
from alerts.doors.web.drawn import Drawn
from alerts.doors.web.public import KEPT_S
from alerts.rendering import organisation
from alerts.services import Services

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'


class Site(NamedTuple):
    """A door that answers, and its application, which is over the services of whoever asks for it last."""

    url: str
    app: FastAPI


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "screen" in metafunc.fixturenames:
        [pages] = metafunc.definition.iter_markers("pages")
        metafunc.parametrize("screen", screens_for(metafunc.function.__name__, pages.args), ids=str)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    app = application()
    with served(app) as url:
        yield Site(url, app)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as ready:
        yield ready


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return Inspector()


@pytest.fixture
def mailroom(services: Services, site: Site, tmp_path: Path) -> Mailroom:
    """What an organisation sends that has set all that can be set of its looks, and lets everybody in."""
    (tmp_path / "logo.svg").write_text(LOGO)
    looks = {
        "organisation": "Relief Desk, Example Organisation",
        "logo": tmp_path / "logo.svg",
        "imprint_url": "https://example.org/imprint",
        "privacy_url": "https://example.org/privacy",
    }
    lets = {"join": "invited", "public": "open", "public_url": site.url}
    chosen = services.settings = services.settings.model_copy(update=looks | lets)
    site.app.state.services = services
    site.app.state.drawn = Drawn(KEPT_S)
    site.app.state.pages = NamedPages(None, chosen.mail_from, organisation(chosen))
    return Mailroom(services, tmp_path)


@pytest.fixture
def visitor(browser: Browser, site: Site, screen: Screen, inspector: Inspector) -> Iterator[Visitor]:
    """Somebody at a screen."""
    with visiting(browser, site.url, screen, inspector) as somebody:
        yield somebody


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Iterator[None]:
    """A path must have led to the pages that it says."""
    yield
    if marked := item.get_closest_marker("pages"):
        assert item.funcargs["visitor"].looked_at == set(marked.args)
