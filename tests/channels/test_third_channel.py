"""A channel nobody in the house has heard of: it is registered, and everything else is there."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from house import OPERATOR, draft, told, walk
from pigeon import NAME, PIGEON, Loft, flying

from alerts import ingest
from alerts import operations as do
from alerts.channels import CHANNELS, channel_of
from alerts.errors import BadInput
from alerts.model import Filter, State, Subscription
from alerts.operations import NamedReading
from alerts.operations.lists.exporting import export
from alerts.operations.lists.importing import Import
from alerts.operations.publishing.previewing import foresee
from alerts.operations.subscribing import subscribers as people
from alerts.operations.subscribing.subscriber_details import find
from alerts.services import Services, connect
from alerts.settings import Settings
from alerts.walk import steps

TESTS = Path(__file__).parents[1]
#: `alerts`, with the channel registered before anything is imported that could have a list of its own.
PROGRAM = (
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); sys.argv[0] = 'alerts'\n"
    "from pigeon import PIGEON; from alerts.channels import CHANNELS; CHANNELS[PIGEON.name] = PIGEON\n"
    "from alerts.doors.cli import main; sys.exit(main())\n"
)


@pytest.fixture
def loft() -> Loft:
    return Loft()


@pytest.fixture
def services(settings: Settings, loft: Loft, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """A house in which pigeons fly."""
    monkeypatch.setitem(CHANNELS, NAME, flying(loft))
    ready = connect(settings)
    ready.server.client.flushall()
    yield ready
    ready.close()


def subscribe(services: Services, *addresses: str) -> None:
    for address in addresses:
        people.add(services, OPERATOR, address, [Subscription(Filter(("UA",)))])


def test_what_is_published_is_sent_by_it_and_recorded(services: Services, loft: Loft) -> None:
    """A third channel touched 19 files, and whoever forgot one found out in production."""
    subscribe(services, "loft:Kyiv", "loft:Lviv", "loft:Odesa", "anna@example.org")
    loft.lost, loft.late = frozenset({"loft:Lviv"}), frozenset({"loft:Odesa"})
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {
        "loft:Kyiv": [State.SENT],
        "loft:Lviv": [State.FAILED],
        "loft:Odesa": [State.DEFERRED],
        "anna@example.org": [State.SENT],
    }
    [(address, slip)] = loft.left
    assert address == "loft:Kyiv"
    assert json.loads(slip)["title"] == draft().headline
    assert "Ukraine" in json.loads(slip)["why"]


def test_an_exercise_reaches_real_people_by_it_only_with_the_typed_word(services: Services) -> None:
    """Which channels are real was a list in publishing: by a third one an exercise left unasked."""
    text = b"---\nid: drill\nregions: [UA]\nstatus: exercise\n---\n# A drill\n"
    exercise = NamedReading("drill.md", ingest.read(text, "drill.md"))
    with pytest.raises(BadInput, match="would reach real people by pigeon"):
        do.publish(services, OPERATOR, [exercise])


def test_its_breaker_opens_alone_and_is_shown(services: Services, loft: Loft) -> None:
    subscribe(services, "loft:Kyiv", "anna@example.org")
    loft.shut = True
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks")["anna@example.org"] == [State.SENT]
    assert dict(do.totals(services, OPERATOR).breakers) == {"pigeon": "the loft is shut"}
    assert "routes.pigeon" in {
        problem.id
        for problem in do.check(
            services.settings, OPERATOR, lambda _: nullcontext(services), lambda _: None
        ).problems
    }


def test_its_addresses_are_told_by_their_form_and_have_one_spelling(services: Services) -> None:
    subscribe(services, "loft:Kyiv")
    assert find(services, "loft:Kyiv").channel is NAME
    assert services.subscribers.find(NAME, "loft:KYIV") is not None
    with pytest.raises(BadInput, match="is no loft"):
        find(services, "loft:12")
    with pytest.raises(BadInput) as unknown:
        channel_of("nowhere")
    assert all(kind.address.shape in unknown.value.hint for kind in CHANNELS.values())


def test_preview_and_status_and_trace_know_it(services: Services) -> None:
    subscribe(services, "loft:Kyiv")
    found = foresee(services, draft(), lambda n: None)
    assert [(share.channel, share.subscribers) for share in found.shares(services.tree)] == [("pigeon", 1)]
    assert json.loads(do.sample(services, OPERATOR, found, NAME, None))["title"] == draft().headline
    steps.publish(services, draft())
    walk(services)
    assert do.totals(services, OPERATOR).subscribers == dict.fromkeys(CHANNELS, 0) | {"pigeon": 1}
    assert do.status(services, OPERATOR, "ua-talks").funnel.channels == {NAME: {State.SENT: 1}}
    [row] = do.trace(services, OPERATOR, "loft:Kyiv")
    assert (row.state, row.note) == ("sent", "it flies")


def test_it_is_imported_exported_suppressed_and_lifted(services: Services) -> None:
    table = b"channel,address,regions\npigeon,loft:Kyiv,UA\n,loft:Lviv,UA\n"
    read = Import(services, OPERATOR)
    read.read(io.BytesIO(table), lambda line: pytest.fail(str(line)), lambda done, of: None)
    assert read.write(lambda done, of: None).added == 2
    written = io.StringIO()
    written.writelines(export(services, OPERATOR).lines())
    assert written.getvalue().count("pigeon,loft:") == 2


def test_every_command_has_it_and_nothing_leaves_the_building(
    settings: Settings, services: Services, tmp_path: Path
) -> None:
    """Where its sender is not configured it goes to the outbox like any other, and the page shows it."""
    file = tmp_path / "talks.md"
    file.write_text("---\nid: ua-talks\nregions: [UA]\n---\n# Talks go on\n\nThey meet tomorrow.\n")

    def alerts(*words: str) -> str:
        env = {k: v for k, v in os.environ.items() if not k.startswith("ALERTS_")}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *words],
            capture_output=True,
            text=True,
            env=env | {"ALERTS_HOME": str(settings.home)},
            cwd=tmp_path,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    alerts("subscribers", "add", "loft:Kyiv", "--channel", "pigeon", "--region", "UA")
    assert "loft:Kyiv" in alerts("subscribers", "list", "--channel", "pigeon")
    assert json.loads(alerts("preview", str(file), "--render", "slip"))["title"] == "Talks go on"
    checked = alerts("check", "-o", "json")
    for problem in ("settings.loft", "channels.pigeon.login"):
        assert problem in checked
    assert "templates." not in checked

    CHANNELS[NAME] = PIGEON  # the fixture takes it back
    services.__dict__.pop("senders", None)
    steps.publish(services, draft())
    walk(services)
    assert told(services, "ua-talks") == {"loft:Kyiv": [State.SENT]}
    [slip] = (settings.outbox / "pigeon").glob("*/*.slip.json")
    assert json.loads(slip.read_bytes())["to"] == "loft:Kyiv"
    alerts("outbox")
    page = (settings.outbox / "index.html").read_text(encoding="utf-8")
    assert "loft:Kyiv" in page
    assert draft().headline in page
    assert 'for="pigeon">Pigeon<' in page
