"""Polygons and circles as an update's field has them: each as it is written, once."""

from collections.abc import Sequence

from alerts.ingest.cleaning import excerpt, one_line
from alerts.ingest.field_texts import as_text, each, within, wrong
from alerts.model.shapes import read_shape, write_shape

#: More than any outline of a state has to the kilometre.
SHAPES_MAX, SHAPES_CHARACTERS = 300, 60_000


def drawn(value: object) -> tuple[str, ...]:
    """Polygons and circles, each as it is written, once."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, Sequence) or isinstance(texts, bytes):
        raise wrong("must be a list of texts", 'Write it like ["circle 50.45,30.52 20"].')
    shapes = dict.fromkeys(each(_shape, texts[: SHAPES_MAX + 1]))
    if len(texts) > SHAPES_MAX or sum(map(len, shapes)) > SHAPES_CHARACTERS:
        raise wrong(
            f"draws more than {SHAPES_MAX} shapes, or more than {SHAPES_CHARACTERS:,} characters of them",
            "Draw with fewer corners.",
        )
    return tuple(shapes)


def _shape(value: object) -> str:
    text = within(one_line(as_text(value)), SHAPES_CHARACTERS)
    try:
        return write_shape(read_shape(text))
    except ValueError:
        raise wrong(
            f"cannot hold {excerpt(text)}",
            "Write `polygon LAT,LON LAT,LON LAT,LON …` or `circle LAT,LON KILOMETRES`, in degrees.",
        ) from None
