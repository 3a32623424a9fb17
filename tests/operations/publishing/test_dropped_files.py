"""Files of a hot folder are published once each, whatever happens; what would be asked about is refused."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cap_writer import cap, refers
from dying import Died, Interrupted, Mortal
from house import OPERATOR, subscribe
from pydantic import SecretStr

from alerts.errors import BadInput, Forbidden
from alerts.ingest.hot_folder import DONE, REASON, REFUSED, HotFolder
from alerts.model import Severity
from alerts.operations import (
    Actor,
    DroppedFile,
    DroppedState,
    FolderDefaults,
    Permission,
    audit,
    publish_dropped,
)
from alerts.operations.publishing.dropped_files import WITHIN_MS
from alerts.services import Services, connect
from alerts.settings import Settings

WATCHER = Actor("olga", "folder", frozenset({Permission.PUBLISH}))
TALKS = "---\nregions: [Ukraine]\nseverity: moderate\n---\n# Talks go on in Istanbul\n\nTomorrow.\n"
TWO = (
    '[{"headline": "Flood in Kharkiv closes the ring road", "regions": ["UA"], "severity": "moderate"},'
    ' {"headline": "Flood in Kharkiv closes the ring road again", "regions": ["UA"], "severity": "moderate"}]'
)


@pytest.fixture
def folder(tmp_path: Path) -> HotFolder:
    (tmp_path / "in").mkdir()
    return HotFolder(tmp_path / "in")


def drop(folder: HotFolder, name: str, content: str = TALKS) -> Path:
    path = folder.path / name
    path.write_text(content)
    return path


def take(
    services: Services, folder: HotFolder, name: str, token: str = "me", **defaults: Any
) -> DroppedFile | None:
    return publish_dropped(services, WATCHER, folder, name, defaults=FolderDefaults(**defaults), token=token)


def revisions(services: Services) -> list[str]:
    """Every revision that is in the log."""
    return [row.decode() for row in services.server.client.zrange(services.server.keys("log"), 0, -1)]


def where(folder: HotFolder, name: str) -> list[str]:
    return [
        str(path.relative_to(folder.path).parent)
        for path in sorted(folder.path.rglob(name))
        if path.stat().st_size
    ]


def test_an_older_message_is_put_away_and_said_to_be_passed_over(
    services: Services, folder: HotFolder
) -> None:
    """“r0 was published before” was said of a bulletin of which nothing ever was."""
    second = cap(identifier="m2", sent="2094-03-01T10:00:00+01:00", msgType="Update", references=refers("m1"))
    drop(folder, "two.cap", second.decode())
    drop(folder, "one.cap", cap().decode())
    newer, older = take(services, folder, "two.cap"), take(services, folder, "one.cap")
    assert newer
    assert older
    assert len(newer.updates) == 1
    assert older.updates == ()
    assert "nothing is published of a message" in " ".join(older.said)


def test_a_good_file_is_published_and_put_away(services: Services, folder: HotFolder) -> None:
    drop(folder, "a.md")
    found = take(services, folder, "a.md")
    assert found
    assert (found.state, found.path, len(found.work)) == (DroppedState.PUBLISHED, "done/a.md", 1)
    assert revisions(services) == list(found.updates)
    [line] = audit(services, OPERATOR)
    assert (line.entry.door, line.entry.who, line.entry.action) == ("folder", "olga", "update.publish")


def test_every_fault_and_what_to_do_stand_beside_what_is_refused(
    services: Services, folder: HotFolder
) -> None:
    drop(folder, "a.md", "---\nseverity: dreadful\nregions: [Ukrane]\ntag: x\n---\n# Flood\n")
    found = take(services, folder, "a.md")
    assert found
    assert found.state is DroppedState.REFUSED
    why = (folder.path / "refused" / f"a.md{REASON}").read_text()
    for part in ("severity cannot be “dreadful”", "no field “tag”", "It is one of extreme", "alerts publish"):
        assert part in why
    assert revisions(services) == []
    [notice] = services.notices.latest(1)
    assert (notice["what"], notice["file"]) == ("file refused", "a.md")


def test_what_is_refused_mended_and_put_back_is_published(services: Services, folder: HotFolder) -> None:
    drop(folder, "a.md", "# Flood\n")
    assert take(services, folder, "a.md")
    (folder.path / REFUSED / "a.md").unlink()
    drop(folder, "a.md")
    found = take(services, folder, "a.md")
    assert found
    assert found.state is DroppedState.PUBLISHED


def test_an_exercise_is_refused_where_it_would_reach_real_people(
    settings: Settings, services: Services, folder: HotFolder
) -> None:
    """Nobody can type its word in a folder. To the outbox it may go, as from everywhere."""
    drop(folder, "a.md", TALKS.replace("severity", "status: exercise\nseverity"))
    real = connect(settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:1")}))
    found = take(real, folder, "a.md")
    real.close()
    assert found
    assert found.state is DroppedState.REFUSED
    assert "--confirm exercise" in " ".join(found.said)


def test_what_reads_like_an_update_of_late_is_refused_with_its_name(
    services: Services, folder: HotFolder
) -> None:
    drop(folder, "a.md")
    first = take(services, folder, "a.md")
    drop(folder, "b.md", TALKS.replace("Tomorrow", "On Friday"))
    second = take(services, folder, "b.md")
    assert first
    assert second
    assert second.state is DroppedState.REFUSED
    assert first.updates[0] in second.said[0]
    assert len(revisions(services)) == 1


def test_what_nobody_rated_waits_for_review_where_it_would_reach_more_people_for_that(
    services: Services, folder: HotFolder
) -> None:
    """At a terminal somebody reads the warning; in a folder nobody did, and it went past every floor."""
    subscribe(services, "floor@example.org", "UA", min_severity=Severity.EXTREME)
    drop(folder, "a.md", "---\nregions: [Ukraine]\n---\n# Talks go on in Istanbul\n")
    found = take(services, folder, "a.md")
    assert found
    assert "waits for review" in found.said[0]
    assert "alerts release" in (folder.path / DONE / f"a.md{REASON}").read_text()
    assert revisions(services) == []
    drop(folder, "b.md", "---\nregions: [Poland]\n---\n# Strikes close the port of Gdansk\n")
    rated = take(services, folder, "b.md", severity=Severity.MODERATE)
    assert rated
    assert revisions(services) == list(rated.updates)


def test_a_file_says_more_than_its_folder(services: Services, folder: HotFolder) -> None:
    drop(folder, "a.md")
    drop(folder, "b.txt", "Strikes close the port\n\nNobody works.\n")
    for name in ("a.md", "b.txt"):
        assert take(services, folder, name, regions=("Poland",), severity=Severity.MINOR)
    drafts = {r.draft.headline: r.draft for r in standing(services)}
    assert drafts["Talks go on in Istanbul"].regions == ("UA",)
    assert drafts["Talks go on in Istanbul"].severity is Severity.MODERATE
    assert drafts["Strikes close the port"].regions == ("PL",)
    assert drafts["Strikes close the port"].severity is Severity.MINOR


def standing(services: Services) -> list[Any]:
    return [services.updates.standing(ref.rpartition(".r")[0]) for ref in revisions(services)]


def test_the_same_content_again_is_sent_to_nobody_and_told(services: Services, folder: HotFolder) -> None:
    for _ in range(2):
        drop(folder, "a.md")
        assert take(services, folder, "a.md")
    assert len(revisions(services)) == 1
    assert "nothing new is sent" in (folder.path / DONE / f"a-2.md{REASON}").read_text()


@pytest.mark.parametrize("between", ["commands", "files"])
def test_of_two_watchers_one_takes_a_file(
    settings: Settings, services: Services, folder: HotFolder, between: str
) -> None:
    """The other comes at every moment of the first one's work: one rings for it, and none is lost."""
    for moment in range(1, 500):
        services.server.client.flushall()
        drop(folder, "a.md")
        taken: list[DroppedFile | None] = []
        came: list[bool] = []

        def meanwhile(taken: list[DroppedFile | None] = taken, came: list[bool] = came) -> None:
            came.append(True)
            taken.append(take(services, folder, "a.md", token="other"))

        first = connect(settings)
        if between == "commands":
            Interrupted(first, meanwhile).left = moment
            taken.append(take(first, folder, "a.md"))
        else:
            with Disk(folder.path, moment, meanwhile):
                taken.append(take(first, folder, "a.md"))
        first.close()
        assert len([one for one in taken if one and one.work]) == 1, moment
        assert len(revisions(services)) == 1
        assert where(folder, "a*.md") == [DONE]
        for path in (folder.path / DONE).iterdir():
            path.unlink()
        if not came:
            assert moment > 3
            return
    raise AssertionError("it never ends")


class Disk:
    """Counts what is done to files of a folder, and lets something happen before the n-th."""

    _hooked: ClassVar[list["Disk"]] = []  #: an audit hook stays for ever: there is one, for whoever is here

    def __init__(self, folder: Path, left: int, then: Any) -> None:
        self.folder, self.left, self.then = str(folder), left, then

    def __enter__(self) -> "Disk":
        if not Disk._hooked:
            sys.addaudithook(Disk._heard)
        Disk._hooked[:] = [self]
        return self

    def __exit__(self, *_: object) -> None:
        Disk._hooked[:] = [Disk("\0", 0, None)]

    @staticmethod
    def _heard(event: str, args: tuple[Any, ...]) -> None:
        disk = Disk._hooked[0] if Disk._hooked else None
        if disk is None or event not in ("open", "os.rename", "os.remove"):
            return
        if isinstance(args[0], str | os.PathLike) and str(args[0]).startswith(disk.folder):
            disk.left -= 1
            if disk.left == 0:
                disk.then()


def die() -> None:
    raise Died


@pytest.mark.parametrize("content", [TALKS, TWO], ids=["one", "two that read alike"])
def test_killed_at_any_step_it_is_neither_lost_nor_doubled(
    settings: Settings, services: Services, folder: HotFolder, content: str
) -> None:
    """Before the n-th command to the server, and before the n-th touch of a file, for every n."""
    name = "a.json" if content == TWO else "a.md"
    many = content.count("headline") or 1
    for died in deaths(settings, services, folder, name, content):
        services.server.client.delete(*begun(services), "none")
        take(services, folder, name, token="heir")
        assert len(revisions(services)) == many, died
        assert where(folder, name.replace("a.", "a*.")) == [DONE], died


def test_killed_after_it_was_published_it_is_not_published_again_even_where_it_would_not_be_now(
    settings: Settings, services: Services, folder: HotFolder
) -> None:
    """What became of it is kept until it is put away: an update withdrawn meanwhile does not come back."""
    path = drop(folder, "a.md")
    with Disk(folder.path, 2, die), pytest.raises(Died):
        take(services, folder, "a.md")
    assert path.exists()
    [ref] = revisions(services)
    found = take(services, folder, "a.md", token="heir")
    assert found
    assert (found.updates, found.work, revisions(services)) == ((ref,), (), [ref])


def begun(services: Services) -> list[bytes]:
    """The answers that a dead watcher began, and that are nobody's once its time is over."""
    client = services.server.client
    return [key for key in client.keys("*answer:*") if not client.hexists(key, "answer")]


def deaths(
    settings: Settings, services: Services, folder: HotFolder, name: str, content: str
) -> Iterator[str]:
    """One watcher after the other that dies: each a step later, until one lives."""
    for kind in ("server", "disk"):
        for step in range(1, 500):
            services.server.client.flushall()
            for path in [*(folder.path / DONE).iterdir(), *(folder.path / REFUSED).iterdir()]:
                path.unlink()
            drop(folder, name, content)
            doomed = connect(settings)
            mortal = Mortal(doomed)
            lived = False
            with Disk(folder.path, step if kind == "disk" else 0, die), suppress(Died):
                mortal.left = step if kind == "server" else float("inf")
                take(doomed, folder, name)
                lived = True
            doomed.server.client.connection_pool.disconnect()
            if lived:
                assert step > 3, kind
                break
            yield f"{kind} {step}"


def test_what_another_watcher_works_on_is_left_to_it_until_it_is_taken_for_dead(
    settings: Settings, services: Services, folder: HotFolder
) -> None:
    drop(folder, "a.md")
    for left in range(1, 100):  # a client introduces itself first
        doomed = connect(settings)
        Mortal(doomed).left = left
        with suppress(Died):
            take(doomed, folder, "a.md", token="other")
        doomed.server.client.connection_pool.disconnect()
        if begun(services):
            break
    assert take(services, folder, "a.md") is None
    [key] = begun(services)
    assert 0 < services.server.client.pttl(key) <= WITHIN_MS
    services.server.client.delete(key)
    assert take(services, folder, "a.md")


def test_what_cannot_be_put_away_stays_and_is_not_published_again(
    services: Services, folder: HotFolder
) -> None:
    """A disk that is full, a folder that may not be written to: it would have gone out at every look."""

    def full() -> None:
        raise OSError(28, "No space left on device")

    drop(folder, "a.md")
    for _ in range(3):
        with Disk(folder.path, 2, full), pytest.raises(BadInput, match=r"It is published as .*No space left"):
            take(services, folder, "a.md")
    assert where(folder, "a.md") == ["."]
    assert len(revisions(services)) == 1
    assert take(services, folder, "a.md")
    assert (where(folder, "a.md"), len(revisions(services))) == ([DONE], 1)


def test_who_may_not_publish_takes_nothing(services: Services, folder: HotFolder) -> None:
    drop(folder, "a.md")
    nobody = Actor("eve", "folder", frozenset({Permission.READ}))
    with pytest.raises(Forbidden):
        publish_dropped(services, nobody, folder, "a.md", defaults=FolderDefaults(), token="me")
    assert where(folder, "a.md") == ["."]
