"""Muting one situation, as operators type it and as programs ask for it."""

from cli_runs import Runs
from house import OPERATOR, draft, subscribe, tell

from alerts.model import Kind
from alerts.operations import audit
from alerts.services import Services

ANNA = "anna@example.org"


def test_a_situation_is_muted_listed_explained_and_heard_of_again(alerts: Runs, services: Services) -> None:
    subscribe(services, ANNA, "UA")
    tell(services, draft())
    said = alerts("subscribers", "mute", ANNA, "ua-talks")
    assert said.out == f"✓ {ANNA} hears no more of ua-talks, until it is over or worse than moderate\n"
    assert f"`alerts subscribers unmute {ANNA} ua-talks` takes it back." in said.err
    assert alerts("subscribers", "mute", ANNA, "ua-talks").out.startswith("= ")
    [row] = alerts("subscribers", "mutes", ANNA, "-o", "json").json
    assert (row["update"], row["severity_then"], row["until"]) == ("ua-talks", "moderate", None)
    tell(services, draft(note="A second day."))
    explained = alerts("explain", ANNA, "ua-talks").out
    assert "the subscriber has muted this situation" in explained
    assert "✗ muted: they have muted it since" in explained
    [line] = alerts("explain", "ua-talks", "--all", "-o", "json").json
    assert line["verdict"] == "no"
    assert alerts("subscribers", "unmute", ANNA, "ua-talks").out == f"✓ {ANNA} hears of ua-talks again\n"
    assert alerts("subscribers", "unmute", ANNA, "ua-talks").out.startswith("= ")
    assert alerts("subscribers", "mutes", ANNA).err == "They have muted nothing.\n"
    sentences = [line.sentence for line in audit(services, OPERATOR)]
    assert any("muted a situation for anna@example.org: update ua-talks" in s for s in sentences)
    assert any("hear again of a situation that was muted" in s for s in sentences)


def test_what_cannot_be_muted_says_why(alerts: Runs, services: Services) -> None:
    subscribe(services, ANNA, "UA")
    assert alerts("subscribers", "mute", ANNA, "ua-talks").code == 4
    tell(services, draft())
    unmuted = alerts("subscribers", "unmute", ANNA, "ua-talks")
    assert unmuted.code == 4
    assert "has not muted “ua-talks”" in unmuted.sentence
    assert alerts("subscribers", "mute", "nobody@example.org", "ua-talks").code == 4
    tell(services, draft(kind=Kind.CANCEL))
    over = alerts("subscribers", "mute", ANNA, "ua-talks")
    assert (over.code, "is over" in over.sentence) == (4, True)
