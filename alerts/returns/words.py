"""The words of a reporter, as they are kept: on one line, without controls, not long."""

from alerts.texts import head, visible

#: Characters of a reporter's words that are kept.
WORDS_MAX = 200


def plain(text: str) -> str:
    line = visible(" ".join(text[: 20 * WORDS_MAX].split()))
    return line if len(line) <= WORDS_MAX else head(line, WORDS_MAX)
