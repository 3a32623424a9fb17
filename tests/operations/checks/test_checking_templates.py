"""`alerts check` draws everything there is a template for: what is broken is found before anybody sees it."""

from pathlib import Path

import pytest

from alerts.channels import CHANNELS
from alerts.operations.checks.checking_templates import check_templates
from alerts.rendering import shipped_templates
from alerts.services import Services, connect
from alerts.settings import Settings

NAMES = sorted(path.relative_to(shipped_templates()).as_posix() for path in shipped_templates().rglob("*.j2"))
#: A piece of each branch of the gallery's Slack post.
DRAWN = [
    '<h3 dir="auto">',
    "<hr>",
    '<p class="context" dir="auto">',
    '<p dir="auto">{{ block.text',
    '<div class="rich">',
    " start=",
    '<li dir="auto">',
]
DRAWN += [
    '<blockquote dir="auto">',
    '<pre dir="auto">',
    "<strong>{% endif",
    "<em>",
    "<code>",
    '<a href="{{ span.url',
    "{{ ' thread'",
]


def problems(settings: Settings, folder: Path, name: str, text: str) -> list[str]:
    """What is found with one template replaced."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    services = connect(settings.model_copy(update={"templates_dir": folder}))
    found = [problem.message for problem in check_templates(services)]
    services.close()
    return found


def test_the_shipped_templates_have_no_problem(services: Services) -> None:
    assert check_templates(services) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_template_is_drawn(settings: Settings, tmp_path: Path, name: str) -> None:
    """Of the pages behind links none was, and of the gallery neither a Slack post nor that it is empty."""
    found = problems(settings, tmp_path, name, "{% if %}")
    assert found
    assert all(name in message for message in found)


@pytest.mark.parametrize("name", ["email/macros.txt.j2", "slack/footer.txt.j2", "web/feed_entry.html.j2"])
@pytest.mark.parametrize(
    "excess",
    [
        "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}",
        "{{ 'a' * 10**9 }}",
        "{{ 'a'|center(1999999999) }}",
    ],
)
def test_a_template_that_asks_for_too_much_is_found_with_its_line(
    settings: Settings, tmp_path: Path, name: str, excess: str
) -> None:
    """The check itself hung, or was ended by the kernel with the memory of the machine."""
    whole = (shipped_templates() / name).read_text(encoding="utf-8")
    line = whole.count("\n") + 1
    if name == "email/macros.txt.j2":  # what stands in it is imported, not shown: a macro is
        head, end, rest = whole.partition(" %}\n")
        whole, excess, line = head + end, excess + rest, 2
    found = problems(settings, tmp_path, name, whole + excess)
    assert found
    assert all(f"{name}, line {line}," in message for message in found)


@pytest.mark.parametrize("piece", DRAWN)
def test_each_kind_of_block_is_drawn(settings: Settings, tmp_path: Path, piece: str) -> None:
    name = "web/slack.html.j2"
    whole = (shipped_templates() / name).read_text(encoding="utf-8")
    assert piece in whole
    broken = whole.replace(piece, "{{ nothing }}" + piece)
    assert problems(settings, tmp_path, name, broken)


def test_a_sender_that_is_no_address_is_a_problem_like_others(settings: Settings) -> None:
    services = connect(settings.model_copy(update={"mail_from": "nobody"}))
    assert {problem.id for problem in check_templates(services)} == {
        *(f"templates.{name}" for name in CHANNELS),
        "templates.web",
    }
    services.close()
