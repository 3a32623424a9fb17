"""Why everybody gets an update or does not: one command, and what it says is what `explain` says of each."""

import io
import random
from dataclasses import replace

import pytest
from house import OPERATOR, draft, subscribe, tell

from alerts.errors import BadInput, NotFound
from alerts.model import Cadence, Channel, Kind, Severity, Standing, Subscription
from alerts.operations import explain, explain_everybody, explain_listed
from alerts.services import Services

UPDATE = "ua-talks"


@pytest.mark.parametrize("seed", range(6))
def test_everybody_is_told_what_each_is_told_alone(services: Services, seed: int) -> None:
    """76 people took 76 starts of `explain`; a second rule for many would have told them something else."""
    chance = random.Random(seed)
    for n in range(20):
        person = subscribe(
            services,
            f"p{n}@example.org",
            chance.choice(["UA", "RU", "JP"]),
            cadence=Cadence.parse(chance.choice(["immediate", "hourly", "daily 08:00"])),
            min_severity=chance.choice([Severity.MINOR, Severity.MODERATE, Severity.SEVERE]),
            **({"any_tags": ("sport",)} if chance.random() < 0.2 else {}),
        )
        if chance.random() < 0.2:
            services.suppressions.add(Channel("email"), person.address, "gone", "test")
        if n % 5 == seed % 5:
            tell(services, draft(headline=f"Day {n}", severity=chance.choice([*Severity])))
        if chance.random() < 0.2:
            services.subscribers.save(replace(person, standing=Standing.PAUSED), person)
    if seed % 2:
        tell(services, draft(kind=chance.choice([Kind.CORRECTION, Kind.CANCEL]), note="It is over."))
    lines = {line.address: line for line in explain_everybody(services, OPERATOR, UPDATE)}
    assert len(lines) == 20
    for address, line in lines.items():
        alone = explain(services, OPERATOR, address, UPDATE)
        assert line.explanation
        assert line.explanation.to_dict() == alone.to_dict()
        assert (line.verdict, line.because) == (alone.verdict, alone.because)
        assert line.because


def test_a_list_is_explained_in_its_order_and_says_who_is_nobody(services: Services) -> None:
    for name in ("ann", "bob"):
        subscribe(services, f"{name}@example.org", "UA")
    tell(services, draft())
    text = "# the Kyiv office\r\nBOB@example.org\r\n\r\nnobody@example.org\nno address\n"
    text += " ann@example.org\nann@example.org"
    listed = explain_listed(services, OPERATOR, UPDATE, io.BytesIO(text.encode()))
    found = [(line.address, line.verdict) for line in listed]
    assert found == [
        ("bob@example.org", "now"),
        ("nobody@example.org", "nobody"),
        ("no address", "nobody"),
        ("ann@example.org", "now"),
        ("ann@example.org", "now"),
    ]


def test_what_is_no_list_is_refused(services: Services) -> None:
    tell(services, draft())
    with pytest.raises(BadInput):
        list(explain_listed(services, OPERATOR, UPDATE, io.BytesIO(b"PK\x03\x04" + bytes(100))))
    with pytest.raises(NotFound):
        explain_everybody(services, OPERATOR, "nothing")


def test_the_one_line_says_what_keeps_somebody_from_it_or_why_they_get_it(services: Services) -> None:
    subscribe(services, "tokyo@example.org", "JP", min_severity=Severity.SEVERE)
    ann = subscribe(services, "ann@example.org", "UA")
    japan = Subscription(subscribe(services, "x@example.org", "JP").subscriptions[0].filter, name="Japan")
    services.subscribers.save(replace(ann, subscriptions=(japan, *ann.subscriptions)), ann)
    tell(services, draft())
    because = {line.address: line.because for line in explain_everybody(services, OPERATOR, UPDATE)}
    assert because["ann@example.org"] == "it is about Ukraine; moderate is at least minor"
    assert because["tokyo@example.org"].endswith("not in Japan; moderate is below severe")
