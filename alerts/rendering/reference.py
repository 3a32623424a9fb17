"""The reference of the API, as its page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DescribedField:
    """A parameter, a header or a field: what fits into it, and the shape that it has, if it has a name."""

    name: str
    place: str  #: path, query, header; empty for a field
    fits: str
    shape: str
    needed: bool
    says: str


@dataclass(frozen=True, slots=True)
class DescribedBody:
    """What is sent or answered: its media type, the name of its shape where it has one, an example."""

    kind: str
    shape: str
    example: str


@dataclass(frozen=True, slots=True)
class DescribedAnswer:
    """An answer. `name` is that of a problem, which is described once."""

    status: str
    name: str
    says: str
    bodies: tuple[DescribedBody, ...]


@dataclass(frozen=True, slots=True)
class DescribedOperation:
    name: str
    method: str
    path: str
    says: str  #: in Markdown
    scope: str  #: what its key needs; empty for any key
    fields: tuple[DescribedField, ...]
    bodies: tuple[DescribedBody, ...]
    answers: tuple[DescribedAnswer, ...]


@dataclass(frozen=True, slots=True)
class DescribedShape:
    """What a JSON object is made of."""

    name: str
    says: str
    fields: tuple[DescribedField, ...]


@dataclass(frozen=True, slots=True)
class ApiReference:
    """All operations, by noun; the problems; the shapes."""

    about: str  #: in Markdown
    prefix: str
    groups: tuple[tuple[str, tuple[DescribedOperation, ...]], ...]
    problems: tuple[DescribedAnswer, ...]
    shapes: tuple[DescribedShape, ...]
