"""Who may subscribe by themselves, as ALERTS_JOIN says."""

import pytest

from alerts.admission import JoinPolicy
from alerts.errors import BadInput
from alerts.settings import load


@pytest.mark.parametrize(
    ("policy", "address", "admitted"),
    [
        ("closed", "anna@example.org", False),
        ("invited", "anna@example.org", False),
        ("open", "anna@example.org", True),
        (" Open ", "anna@example.org", True),
        ("domains:example.org", "anna@example.org", True),
        ("domains:example.org", "anna@EXAMPLE.ORG", True),
        ("domains:example.org", "anna@mail.example.org", False),
        ("domains:example.org", "anna@badexample.org", False),
        ("domains:example.org", "anna@example.org@evil.example", False),
        ("domains:example.net, Example.ORG", "anna@example.org", True),
    ],
)
def test_an_address_is_admitted_by_its_exact_domain(policy: str, address: str, admitted: bool) -> None:
    read = JoinPolicy.parse(policy)
    assert read.admits(address) is admitted
    assert read.anybody is (policy != "closed")


@pytest.mark.parametrize(
    "text", ["yes", "domains:", "domains:example", "domains:example.org,", "example.org", "domains:*.org"]
)
def test_what_says_nothing_known_is_refused_and_never_lets_anybody_in(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("ALERTS_JOIN", text)
    with pytest.raises(BadInput, match="ALERTS_JOIN"):
        load()
