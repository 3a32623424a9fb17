from .cells import guarded
from .graphemes import clusters, head, pieces
from .header_fields import as_utf_8, field_text
from .markup import MARKS_MAX, NESTING_MAX, excess, html, read
from .numbers import number_of
from .text import Sayable, Text, TextValue, Worded, WordList
from .unseen import visible
from .urls import safe_url

__all__ = [
    "MARKS_MAX",
    "NESTING_MAX",
    "Sayable",
    "Text",
    "TextValue",
    "WordList",
    "Worded",
    "as_utf_8",
    "clusters",
    "excess",
    "field_text",
    "guarded",
    "head",
    "html",
    "number_of",
    "pieces",
    "read",
    "safe_url",
    "visible",
]
