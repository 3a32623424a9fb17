"""The audit as people read it: who did what, in a sentence, the newest first."""

import ast
from pathlib import Path

import pytest
from house import OPERATOR

from alerts import operations
from alerts.errors import BadInput
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.auditing import SAID, audit, sentence
from alerts.services import Services
from alerts.store import AuditEntry

NOW_MS = 1_648_486_800_000
#: What writes an entry, its action always being the third argument.
RECORDING = {"record", "alter", "alter_own", "note", "note_lifted"}


@pytest.mark.parametrize(
    ("action", "subject", "before", "after", "said"),
    [
        pytest.param("update.publish", "a.r1", {}, {}, "olga (test) published a.r1", id="nothing beside"),
        pytest.param(
            "update.close",
            "a.r1",
            {},
            {"reason": "It was false.", "by": "a.r2"},
            "olga (test) closed a.r1: reason It was false.; by a.r2",
            id="what is there after",
        ),
        pytest.param(
            "subscriber.change",
            "kyiv@example.org",
            {"zone": "UTC", "name": "Kyiv", "regions": ["UA", "PL"], "paused": False},
            {"zone": "Europe/Kyiv", "name": "Kyiv", "regions": ["UA"], "paused": True},
            "olga (test) changed kyiv@example.org: "
            "zone UTC → Europe/Kyiv; regions UA, PL → UA; paused no → yes",
            id="what changed, and not what stayed",
        ),
        pytest.param(
            "subscriber.vanish",
            "kyiv@example.org",
            {"paused_until": None, "name": ""},
            {},
            "olga (test) subscriber.vanish kyiv@example.org: paused until was nothing; name was nothing",
            id="what is gone, by an action without words",
        ),
    ],
)
def test_a_change_is_told_in_a_sentence(
    action: str, subject: str, before: dict[str, object], after: dict[str, object], said: str
) -> None:
    assert sentence(AuditEntry(NOW_MS, "olga", "test", action, subject, before, after)) == said


def test_every_action_that_is_written_down_has_words_of_its_own() -> None:
    """An entry that nobody could read would be no answer to who did it."""
    written = set()
    for module in Path(operations.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in RECORDING and not isinstance(node.args[2], ast.Name):  # handed on as it is
                written.add(ast.literal_eval(node.args[2]))
    assert written == set(SAID)


def test_the_newest_is_first_and_can_be_asked_for_by_time_and_name(services: Services) -> None:
    now_ms = services.server.now_ms()
    others = Actor("Petra", "api", frozenset())
    for n, actor in enumerate((OPERATOR, others, OPERATOR)):
        record(services, actor, "tag.add", f"tag-{n}")
    assert [line.entry.subject for line in audit(services, OPERATOR)] == ["tag-2", "tag-1", "tag-0"]
    assert [line.entry.subject for line in audit(services, OPERATOR, who="petra")] == ["tag-1"]
    assert len(list(audit(services, OPERATOR, since="1h"))) == 3
    assert list(audit(services, Actor("a", "b", frozenset({Permission.ADMINISTER})), who="nobody")) == []
    assert all(line.entry.at_ms >= now_ms for line in audit(services, OPERATOR))


@pytest.mark.parametrize(
    ("since", "fault"),
    [
        pytest.param("yesterday", "is not a time", id="a word"),
        pytest.param("2022-03-28", "at what hour", id="no hour"),
        pytest.param("9999-01-01T00:00:00Z", "still to come", id="the future"),
        pytest.param("7w", "is not a time", id="an unknown unit"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused(services: Services, since: str, fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        audit(services, OPERATOR, since)


@pytest.mark.parametrize("since", ["90m", "24h", "7d", "999999d", "1969-01-01T00:00:00Z", " 2H "])
def test_a_time_that_is_over_is_taken(services: Services, since: str) -> None:
    record(services, OPERATOR, "tag.add", "harvest")
    assert len(list(audit(services, OPERATOR, since))) == 1
