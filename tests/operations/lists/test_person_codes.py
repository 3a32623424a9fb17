"""A number for every person, whoever asks in which order, and in memory that does not grow with them."""

import random
import tracemalloc
from collections import Counter

from alerts.operations.lists.person_codes import IN_MEMORY, PAGE, PersonCodes


def test_what_is_written_is_read_wherever_it_is_kept() -> None:
    dice = random.Random(1)
    expected: dict[int, int] = {}
    kept = PersonCodes()
    for _ in range(40):
        for first, codes, sids in kept.pages(dice.sample(range(1, IN_MEMORY), 50)):
            for sid in sids:
                assert codes[sid - first] == expected.get(sid, 0)
                codes[sid - first] = expected[sid] = dice.randrange(1, 1 << 32)
    assert {sid: kept[sid] for sid in expected} == expected
    assert kept[IN_MEMORY * 9] == 0
    counts = kept.counts()
    del counts[0]
    assert counts == Counter(expected.values())


def test_memory_does_not_grow_with_the_people() -> None:
    """`deliveries` kept four octets a subscriber: 4 MB for a million, of whatever the update went to."""

    def peak(people: int) -> int:
        tracemalloc.start()
        kept = PersonCodes()
        for start in range(0, people, PAGE * 2):
            for first, codes, sids in kept.pages(range(start, start + PAGE * 2, 500)):
                for sid in sids:
                    codes[sid - first] = 1
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(600_000) < 1.5 * peak(150_000)
