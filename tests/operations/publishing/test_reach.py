"""Whom an update is for, said before it is published and after; who gets it for want of a severity."""

import pytest
from house import draft, subscribe

from alerts import operations
from alerts.model import Cadence, Kind, Revision, Severity
from alerts.operations.publishing.previewing import foresee
from alerts.operations.publishing.reach import reach
from alerts.services import Services


@pytest.mark.parametrize(("severity", "unknown"), [(Severity.UNKNOWN, 2), (Severity.EXTREME, 0)])
def test_who_gets_it_only_because_its_severity_is_unknown_is_counted(
    services: Services, severity: Severity, unknown: int
) -> None:
    """An update without a severity passed every floor, also “extreme only”, and its publisher never knew."""
    subscribe(services, "all@example.org", "UA")
    subscribe(services, "severe@example.org", "UA", min_severity=Severity.SEVERE)
    subscribe(
        services,
        "extreme@example.org",
        "UA",
        min_severity=Severity.EXTREME,
        cadence=Cadence.parse("daily 08:00"),
    )
    subscribe(services, "elsewhere@example.org", "KE", min_severity=Severity.SEVERE)
    content = draft(severity=severity)
    found = reach(services, Revision("ua-talks", 1, content))
    assert (found.people, found.unknown) == (3, unknown)
    assert foresee(services, content).unknown == unknown
    said = operations.loudly(found.unknown)
    assert ("2 people get it only for that reason" in said) == bool(unknown)


def test_nobody_is_counted_as_nobody(services: Services) -> None:
    subscribe(services, "elsewhere@example.org", "KE")
    assert reach(services, Revision("ua-talks", 1, draft(kind=Kind.NEW))).people == 0
