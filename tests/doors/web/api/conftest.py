"""The door over an empty server, and programs with keys of their own."""

from collections.abc import Callable

import pytest
from doors import Door
from programs import Program, program

from alerts.operations import Permission
from alerts.services import Services


@pytest.fixture
def api(services: Services, door: Door) -> Program:
    """A program that may do everything."""
    return program(services, door, name="everything")


@pytest.fixture
def with_scopes(services: Services, door: Door) -> Callable[..., Program]:
    """A program that may do only so much."""

    def made(*may: Permission) -> Program:
        return program(services, door, *may)

    return made
