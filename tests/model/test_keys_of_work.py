"""Refs, digest ids, batch keys, people at an instant: each is written and read in one place."""

import re
from pathlib import Path

import pytest

import alerts
from alerts.model import BatchKey, Channel, Digest, DigestId, PersonKey, Ref, Step, Work

HOUSE = Path(alerts.__file__).parent

#: How each would be spelled by hand: in an f-string, or taken apart.
BY_HAND = [
    r"\.r\{",
    r"""partition\(["']\.r["']\)""",
    r"""startswith\(["']u["']\)""",
    r"""key\.r?partition\(["'][/@]["']\)""",
    r"""key\.split\(["'][/@]["']\)""",
    r"""Step\.\w+, f["']""",
    r"sid\}@\{[\w.]*_ms",
    r"""state (==|in|!=) \(?["'](open|frozen|fanned|done|failed)["']""",
]


@pytest.mark.parametrize("spelling", BY_HAND)
def test_no_room_but_the_model_spells_one_by_hand(spelling: str) -> None:
    """`update.rN` was written out thirteen times, and a lane read from a first letter in two rooms."""
    rooms = [path for path in HOUSE.rglob("*.py") if path.parent != HOUSE / "model"]
    found = {
        f"{path.relative_to(HOUSE)}:{number}"
        for path in rooms
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(spelling, line)
    }
    assert found == set()


def test_a_ref_is_an_update_and_a_number() -> None:
    ref = Ref.of("ua-ru-talks", 12)
    assert (ref, ref.update, ref.number) == ("ua-ru-talks.r12", "ua-ru-talks", 12)


@pytest.mark.parametrize(
    ("after", "last", "numbers"), [(0, 3, [1, 2, 3]), (1, 2, [2]), (2, 2, []), (0, 0, []), (3, 1, [])]
)
def test_the_refs_between_two_revisions_are_without_the_first_and_with_the_last(
    after: int, last: int, numbers: list[int]
) -> None:
    assert [ref.number for ref in Ref.between("ua-talks", after, last)] == numbers


@pytest.mark.parametrize("urgent", [False, True])
def test_the_id_of_a_digest_tells_its_lane_and_so_does_the_work_of_its_batches(urgent: bool) -> None:
    digest = Digest(Channel("email"), (), 1_795_660_800_000, urgent=urgent)
    assert digest.id.urgent is urgent
    assert DigestId(str(digest.id)).urgent is urgent
    send = Work.send(digest.id, 17)
    assert (send.step, send.digest, send.batch.number, send.urgent) == (Step.SEND, digest.id, 17, urgent)
    assert Work.parse(str(send)) == send


def test_a_batch_key_is_a_digest_and_a_number() -> None:
    key = BatchKey.of("r3f", 17)
    assert (key, key.digest, key.number) == ("r3f/17", "r3f", 17)


@pytest.mark.parametrize("step", [Step.GATHER, Step.RENDER, Step.FAN_OUT])
def test_work_for_a_whole_digest_is_for_that_digest(step: Step) -> None:
    assert Work(step, "u3f", True).digest == "u3f"


def test_somebody_at_an_instant_is_a_number_and_milliseconds() -> None:
    work = Work(Step.CATCH_UP, PersonKey.of(17, 1_795_660_800_000))
    assert (work.person.sid, work.person.at_ms) == (17, 1_795_660_800_000)
    assert str(work) == "catch-up:17@1795660800000"
