"""A template fails: a routine digest waits for an operator, an urgent one for nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from house import OPERATOR, draft, subscribe, tell, told, walk
from inbox import got

from alerts import operations
from alerts.model import Channel, Kind, Severity, State
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
    assert told(services, "ua-talks") == {"anna@example.org": [State.FAILED]}
    [(what, why)] = notices(services)
    assert what == "render failed"
    assert f"{folder}/email/one.txt.j2, line 2," in why


def test_whoever_a_template_fails_has_a_state_seen_everywhere_and_a_retry_sends_all(
    services: Services, folder: Path
) -> None:
    """Nobody had a state: status said “nobody was told yet”, explain “gets it at once”, trace nothing."""
    everybody = [f"reader{n}@example.org" for n in range(300)]
    for address in everybody:
        subscribe(services, address, "UA")
    tell(services, draft())
    assert told(services, "ua-talks") == {key: [State.FAILED] for key in everybody}
    status = operations.status(services, OPERATOR, "ua-talks")
    assert status.funnel.channels == {Channel("email"): {State.FAILED: 300}}
    assert [
        f"{folder}/email/one.txt.j2, line 2," in why for why in status.funnel.failed_digests.values()
    ] == [True]
    explained = operations.explain(services, OPERATOR, everybody[7], "ua-talks")
    assert explained.state is State.FAILED
    assert f"{folder}/email/one.txt.j2, line 2," in explained.note
    [row] = operations.trace(services, OPERATOR, everybody[7])
    assert (row.state, row.note) == ("failed", explained.note)

    operations.retry(services, OPERATOR, "ua-talks")  # the template is as broken as before
    walk(services)
    assert told(services, "ua-talks") == {key: [State.FAILED] for key in everybody}

    (folder / "email" / "one.txt.j2").unlink()
    mended = connect(services.settings)
    again = operations.retry(mended, OPERATOR, "ua-talks")
    assert (again.deliveries, again.renderings) == (300, 1)
    walk(mended)
    assert told(mended, "ua-talks") == {key: [State.SENT] for key in everybody}
    assert operations.status(mended, OPERATOR, "ua-talks").funnel.failed_digests == {}
    assert mended.due.count() == 0
    mended.close()


def test_a_template_that_fails_only_for_who_has_nothing_of_it_fails_nobody(
    services: Services, folder: Path
) -> None:
    """It is found out while the others' message is on its way: theirs is rendered with the shipped one."""
    own = folder / "email" / "one.txt.j2"
    own.write_text("{{ digest.one.headline if digest.one.change != 'new' else 'a' * 10**9 }}")
    subscribe(services, "early@example.org", "UA", min_severity=Severity.SEVERE)
    tell(services, draft(severity=Severity.SEVERE))
    subscribe(services, "late@example.org", "UA")
    tell(services, draft(kind=Kind.CORRECTION, headline="Talks are over"))
    walk(services)
    late = [states for address, states in told(services, "ua-talks").items() if address == "late@example.org"]
    assert late == [[State.SENT]]
    assert "rendered with the shipped templates" in [what for what, _ in notices(services)]
    [text] = got(services, "late@example.org")
    assert "Talks are over" in text
    assert "Correction" not in text
