"""What any text is made of: signs that belong together, what nobody sees, Markdown in bounds."""

from alerts.texts.cells import guarded
from alerts.texts.graphemes import clusters, head, pieces
from alerts.texts.markup import MARKS_MAX, NESTING_MAX, excess, html, read
from alerts.texts.numbers import number_of
from alerts.texts.unseen import visible
from alerts.texts.urls import safe_url

__all__ = [
    "MARKS_MAX",
    "NESTING_MAX",
    "clusters",
    "excess",
    "guarded",
    "head",
    "html",
    "number_of",
    "pieces",
    "read",
    "safe_url",
    "visible",
]
