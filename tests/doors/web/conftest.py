"""One door for the whole run, over the shared server."""

from collections.abc import Iterator

import pytest
from doors import Door, opened

from alerts.settings import Settings


@pytest.fixture(scope="session")
def door(bundled: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with opened(
        tmp_path_factory.mktemp("web"), ALERTS_HOME=str(bundled.home), ALERTS_JOIN="invited"
    ) as ready:
        yield ready
