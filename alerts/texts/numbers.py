"""Numbers of things, as they are said."""


def number_of(n: int, one: str, many: str = "") -> str:
    """`1 line`, `2,000 lines`; many is one with an s unless it is given."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
