"""A digest that cannot be rendered stops there, once, and operators are notified; the others get theirs."""

import pytest
from house import draft, subscribe, told, walk
from renderers import renderer

from alerts.model import State
from alerts.services import Services
from alerts.walk import steps


class Surprised(Exception):
    """Nobody foresaw it."""


@pytest.mark.parametrize("fault", [Surprised, RecursionError, MemoryError])
def test_a_fault_nobody_foresaw_in_rendering_is_told_once_and_stops_nobody_else(
    services: Services, fault: type[Exception]
) -> None:
    """The step stayed owed and every worker broke over it again: 1,736 tracebacks, and no notice."""

    def place(code: str) -> str:
        if code == "KE":
            raise fault("not for anybody to see")
        return code

    subscribe(services, "anna@example.org", "UA")
    subscribe(services, "juma@example.org", "KE")
    services.own_renderer = renderer(None, "https://a.example", "desk@a.example", place)
    steps.publish(services, draft("ke-protest", regions=("KE",)))
    steps.publish(services, draft())
    walk(services)
    walk(services)
    assert told(services, "ua-talks") == {"anna@example.org": [State.SENT]}
    assert told(services, "ke-protest") == {"juma@example.org": [State.FAILED]}
    [digest] = services.updates.digests("ke-protest")
    [notice] = services.notices.latest()
    assert (notice["what"], notice["digest"]) == ("render failed", digest)
    assert fault.__name__ in notice["why"]
    assert fault.__name__ in services.digests.progress([digest])[digest].fault
    assert services.due.count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "Storm =?utf-8?q?=7Fnope-header=7F?= warning",
        "*a **b " * 500 + "c** d*" * 500,
    ],
    ids=["an encoded word", "deep emphasis"],
)
def test_no_text_stops_an_update(services: Services, text: str) -> None:
    """Each was accepted, and broke every worker that rendered it or filled it in: nobody was told."""
    subscribe(services, "anna@example.org", "UA")
    subscribe(services, "T024BE7LD/C061EG9SL", "UA")
    steps.publish(services, draft(headline=text[:200], body=text))
    walk(services)
    assert list(told(services, "ua-talks").values()) == [[State.SENT]] * 2
    assert services.notices.latest() == []
