"""What every command stands in that needs the state: services, and the server they need."""

from collections.abc import Iterator
from contextlib import contextmanager

from alerts.runtime import attach
from alerts.services import Services, connect
from alerts.settings import Settings, load


@contextmanager
def services() -> Iterator[Services]:
    """Have the services of the settings, and the bundled server run where none is configured."""
    with connected(load()) as ready:
        yield ready


@contextmanager
def connected(settings: Settings) -> Iterator[Services]:
    """Have the services of these settings."""
    with attach(settings):
        ready = connect(settings)
        try:
            yield ready
        finally:
            ready.close()
