"""What was filled in for one person is never seen by the next, in any order and from any threads."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Blank, Channel, Fill, Message

PIECES = (
    *(b"To: ", Blank("to", Fill.HEADER), b"\r\nDate: ", Blank("date", Fill.HEADER), b"\r\n\r\n"),
    *(b"=\r\n", Blank("reason", Fill.TEXT), b"=\r\n", b"=\r\n", Blank("reason", Fill.HTML), b"=\r\n"),
    *(b"=\r\n", Blank("page", Fill.HTML), b"=\r\n"),
)

values = st.fixed_dictionaries(
    {
        "to": st.sampled_from(["anna@example.org", "ben@example.org", ""]),
        "date": st.sampled_from(["Mon", "Tue"]),
        "reason": st.sampled_from(["", "Kyiv", "a < b", "Львів"]),
        "page": st.sampled_from(["v2.r.1", "v2.r.2"]),
    }
)


def message() -> Message:
    return Message("d", Channel("email"), PIECES)


@given(st.lists(values, max_size=8))
def test_each_reads_as_if_nobody_had_been_before(people):
    shared = message()
    assert [shared.fill(who) for who in people] == [message().fill(who) for who in people]


def test_a_mapping_that_is_changed_afterwards_leaves_nothing_behind():
    shared, who = message(), {"to": "anna@example.org", "date": "Mon", "reason": "Kyiv", "page": "v2.r.1"}
    shared.fill(who)
    who["to"] = "ben@example.org"
    assert shared.fill(who) == message().fill(who)


def test_threads_that_share_a_message_do_not_mix_their_people():
    shared = message()
    people = [
        {"to": f"p{n}@example.org", "date": "Mon", "reason": str(n % 3), "page": str(n)} for n in range(600)
    ]
    with ThreadPoolExecutor(8) as threads:
        filled = list(threads.map(shared.fill, people))
    assert filled == [message().fill(who) for who in people]
