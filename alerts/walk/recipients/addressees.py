"""To whom one digest goes."""

from dataclasses import dataclass, field


@dataclass
class Addressees:
    """To whom one digest is owed: audiences, and people one by one."""

    aids: list[str] = field(default_factory=list)
    sids: list[int] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)  #: members of the audiences who are owed something else
