"""A page is drawn once for an office that reads it at once, and not shown for longer than it may be."""

from alerts.doors.web.drawn import Answered, Drawn


class Drawing:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Answered:
        self.times += 1
        return Answered(str(self.times).encode(), "text/html", "")


def test_what_is_remembered_is_drawn_once_and_anew_when_its_time_is_over() -> None:
    at = [0.0]
    drawn, draw = Drawn(60, lambda: at[0]), Drawing()
    assert [drawn.get("page r1", draw).body for _ in range(3)] == [b"1"] * 3
    assert drawn.get("page r2", draw).body == b"2"
    at[0] = 60
    assert drawn.get("page r1", draw).body == b"3"


def test_only_the_last_answers_are_remembered() -> None:
    drawn, draw = Drawn(60, lambda: 0.0), Drawing()
    for name in range(100):
        drawn.get(f"page {name}", draw)
    assert draw.times == 100
    drawn.get("page 99", draw)
    assert draw.times == 100
    drawn.get("page 0", draw)
    assert draw.times == 101
