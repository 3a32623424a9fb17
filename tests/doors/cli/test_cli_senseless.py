"""What commands answer to what makes no sense: a whole sentence, and a code that says whose fault it is.

`cli_runs.Said` looks through what each of them says.
"""

import pytest
from cli_runs import Runs

#: What scripts give by a variable that is empty, and people by mistake.
GIVEN = ("", " ", "nobody@", "x" * 300)
COMMANDS = [
    ["status", "{}"],
    ["deliveries", "{}"],
    ["explain", "{}", "{}"],
    ["trace", "{}"],
    ["retry", "{}"],
    ["resend", "{}", "{}", "--yes"],
    ["undo", "{}"],
    ["release", "{}"],
    ["close", "{}", "--yes"],
    ["retract", "{}", "--yes"],
    ["withdraw", "{}"],
    ["audit", "--since", "{}"],
    ["new", "{}"],
    ["read", "{}"],
    ["preview", "{}"],
    ["publish", "{}"],
    ["updates", "show", "{}"],
    ["updates", "revisions", "{}"],
    ["updates", "list", "--after", "{}"],
    ["updates", "list", "--region", "{}"],
    ["updates", "list", "--since", "{}"],
    ["subscribers", "add", "{}", "--region", "UA"],
    ["subscribers", "add", "a@example.org", "--region", "{}"],
    ["subscribers", "add", "a@example.org", "--region", "UA", "--zone", "{}"],
    ["subscribers", "add", "a@example.org", "--region", "UA", "--tag", "{}"],
    ["subscribers", "add", "a@example.org", "--region", "UA", "--cadence", "{}"],
    ["subscribers", "add", "a@example.org", "--region", "UA", "--quiet-hours", "{}"],
    ["subscribers", "show", "{}"],
    ["subscribers", "pause", "{}"],
    ["subscribers", "remove", "{}", "--yes"],
    ["subscribers", "list", "--after", "{}"],
    ["subscribers", "list", "--region", "{}"],
    ["subscribers", "list", "--tag", "{}"],
    ["subscribers", "import", "{}"],
    ["subscribers", "import", "list.csv", "--scope", "{}"],
    ["subscribers", "import", "list.csv", "--map", "{}"],
    ["subscriptions", "remove", "{}", "{}"],
    ["suppress", "{}"],
    ["unsuppress", "{}"],
    ["regions", "find", "{}"],
    ["tags", "add", "{}"],
    ["keys", "add", "{}"],
    ["keys", "revoke", "{}"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_it_is_answered_in_a_whole_sentence(alerts: Runs, words: list[str]) -> None:
    for given in GIVEN:
        said = alerts(*[given if word == "{}" else word for word in words])
        assert said.code in range(5)
