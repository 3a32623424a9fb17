"""What a message says has changed is measured against what its readers were told."""

from collections.abc import Iterator

import pytest
from clocked import clocked, move_to, ms
from house import OPERATOR, draft, subscribe, tell, told, walk
from inbox import got

from alerts import operations
from alerts.model import Kind, Severity, State
from alerts.services import Services
from alerts.settings import Settings
from alerts.walk import steps


@pytest.fixture
def services(settings: Settings) -> Iterator[Services]:
    ready = clocked(settings, "2026-03-26T12:00Z")
    yield ready
    ready.close()


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.CORRECTION])
def test_a_revision_that_was_held_and_taken_back_was_told_to_nobody(services: Services, kind: Kind) -> None:
    """The closing said “Severity rose … headline before: …” of a second revision that nobody had seen."""
    subscribe(services, "anna@example.org", "UA")
    steps.publish(services, draft(headline="The first word"))
    walk(services)
    never = draft(headline="Never to be seen", severity=Severity.EXTREME)
    steps.publish(services, never, ms("2026-03-26T13:00Z"))
    assert operations.withdraw(services, OPERATOR, "ua-talks", "A mistake.").taken_back
    steps.publish(services, draft(headline="The first word", kind=kind, note="It was so."))
    walk(services)
    assert told(services, "ua-talks") == {"anna@example.org": [State.SENT] * 2}
    mails = [str(mail) for mail in got(services, "anna@example.org")]
    assert not any("Never to be seen" in mail or "Extreme" in mail for mail in mails)
    [digest] = [
        d
        for d in services.digests.get_all(services.updates.digests("ua-talks")).values()
        if d.tells("ua-talks") == 3 and d.channel == "email"
    ]
    assert digest.entries[0].since == 1


def test_whoever_failed_to_get_what_is_corrected_gets_the_correction_once(services: Services) -> None:
    """They had a delivery of it, which may be retried: with what is wrong must come what is right."""
    anna = subscribe(services, "anna@example.org", "UA")
    subscribe(services, "floor@example.org", "UA", min_severity=Severity.SEVERE)
    services.suppressions.add(anna.channel, anna.address, "550 no such user", "desk")
    tell(services, draft())
    services.suppressions.lift(anna.channel, anna.address)
    tell(services, draft(kind=Kind.CORRECTION, severity=Severity.SEVERE, note="It was wrong."))
    walk(services)
    assert len(got(services, anna.address)) == 1
    assert len(got(services, "floor@example.org")) == 1


CHANNELS = {"email": "{}@example.org", "slack": "T1/C{}"}


@pytest.mark.parametrize("form", CHANNELS.values(), ids=list(CHANNELS))
def test_a_correction_is_compared_with_what_each_reader_has(services: Services, form: str) -> None:
    """Whoever had the first revision only read what had changed since the second, which they had not got."""
    both, first, nothing = (form.format(name.upper()) for name in ("both", "first", "nothing"))
    subscribe(services, both, "UA")
    subscribe(services, first, "UA", min_severity=Severity.SEVERE)
    tell(services, draft(headline="Seven dead", severity=Severity.SEVERE))
    tell(services, draft(headline="Nine dead, it is said", severity=Severity.MODERATE))
    subscribe(services, nothing, "UA")
    tell(services, draft(headline="One injured", kind=Kind.CORRECTION, note="Nobody died."))
    walk(services)
    assert "Headline before: Nine dead" in got(services, both)[-1]
    assert "Headline before: Seven dead" in got(services, first)[-1]
    assert "Nine dead" not in got(services, first)[-1]
    [only] = got(services, nothing)
    assert "One injured" in only
    assert "Correction" not in only
    assert "dead" not in only


@pytest.mark.parametrize("form", CHANNELS.values(), ids=list(CHANNELS))
def test_an_update_is_new_to_whoever_has_nothing_of_it(services: Services, form: str) -> None:
    """“Updated”, and what had changed since a revision that was published before they came."""
    early, late = (form.format(name.upper()) for name in ("early", "late"))
    subscribe(services, early, "UA")
    tell(services, draft(headline="The first word"))
    move_to(services, "2026-03-27T12:00Z")
    subscribe(services, late, "UA")
    tell(services, draft(headline="The second word"))
    assert "Headline before: The first word" in got(services, early)[-1]
    [only] = got(services, late)
    assert "The second word" in only
    assert "Updated" not in only
    assert "The first word" not in only


def test_a_correction_of_what_was_refused_for_good_is_their_first_word(services: Services) -> None:
    """The relay had not taken the first revision for them: they read a correction of what they never saw."""
    anna = subscribe(services, "anna@example.org", "UA")
    services.suppressions.add(anna.channel, anna.address, "550 no such user", "desk")
    tell(services, draft(headline="Seven dead"))
    services.suppressions.lift(anna.channel, anna.address)
    tell(services, draft(headline="One injured", kind=Kind.CORRECTION, note="Nobody died."))
    walk(services)
    [only] = got(services, anna.address)
    assert "One injured" in only
    assert "Correction" not in only


def test_what_the_ledger_has_forgotten_is_compared_by_the_rules(services: Services) -> None:
    """An update goes on after ALERTS_KEEP_DAYS: everybody would read it as if they had never heard of it."""
    subscribe(services, "anna@example.org", "UA")
    tell(services, draft(headline="The first word"))
    for name in services.updates.digests("ua-talks"):  # as they end by the machine's clock
        services.server.client.delete(
            *services.server.client.keys(services.server.keys("digest", name) + "*")
        )
    move_to(services, "2026-05-26T12:00Z")
    tell(services, draft(headline="The second word"))
    assert "Headline before: The first word" in got(services, "anna@example.org")[-1]
