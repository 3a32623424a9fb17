"""Tables saved as text, of people or of updates: an update is neither, and staff must never be one's text."""

from alerts.errors import BadInput

_SEPARATORS = ",;\t"
#: What columns are headed by. Two of them are a table's: no channel need be named.
_HEADS = frozenset((
    "headline", "title", "subject", "summary", "body", "regions", "region", "country", "location", "severity",
    "tags", "published at", "date", "status", "url", "id", "name", "first name", "last name", "e-mail",
    "mail", "work email", "address", "employee id", "department", "manager", "office", "timezone", "cadence",
))  # fmt: skip


#: Columns parted by tabs: of as many, a first line that has them is no headline, whatever it calls them.
_TABBED = 4


def refuse(text: str, suffix: str) -> None:
    """Raise BadInput for a table: one by its name, or where the first line has the columns of the second."""
    first, second = [*text.lstrip("\n").split("\n", 2), "", ""][:2]
    separator = max(_SEPARATORS, key=first.count)
    heads = [head.strip(' "').lower().replace("_", " ") for head in first.split(separator)]
    known = sum(head in _HEADS for head in heads)
    as_many = len(heads) > 2 and second.count(separator) >= len(heads) - 1
    tabbed = separator == "\t" and len(heads) >= _TABBED
    if suffix in (".csv", ".tsv") or (as_many and (known > 1 or tabbed)):
        raise BadInput(
            "It is a table, not an update.",
            "If it holds people, give it to `alerts subscribers import`. If it holds updates, write each row "
            'as JSON, the heads of its columns as names: {"headline": "…", "regions": ["…"]}.',
        )
