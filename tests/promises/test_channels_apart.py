"""No room but `channels` knows a channel by name: a new one is a folder and a line in the registry."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import ROOT

from alerts.channels import CHANNELS

HOUSE = ROOT / "alerts"
OUTSIDE = sorted(p for p in HOUSE.rglob("*.py") if "channels" not in p.relative_to(HOUSE).parts[:1])
FOLDERS = tuple(f"alerts.channels.{name}" for name in CHANNELS)


def naming(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Where a module knows one channel from another: by its name, its folder, or the class of its sender."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="Channel")):
                yield node.lineno, f"Channel.{node.attr}"
            case ast.Constant(value=str(text)) if text in CHANNELS:
                yield node.lineno, repr(text)
            case ast.ImportFrom(module=str(module)) if module.startswith(FOLDERS):
                yield node.lineno, module
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kind]) if "Sender" in ast.unparse(kind):
                yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: str(path.relative_to(HOUSE)))
def test_nothing_outside_channels_knows_one_channel_from_another(path: Path) -> None:
    assert list(naming(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "slip",
    [
        "if digest.channel is Channel.SLACK: pass",
        "kind = Channel('email')",
        "if item.channel == 'slack': pass",
        "from alerts.channels.email import EMAIL",
        "isinstance(sender, ClosedSender)",
        "words = {'email': 1}",
    ],
)
def test_a_slip_is_seen(slip: str) -> None:
    assert len(list(naming(ast.parse(slip)))) == 1


def test_the_pages_of_the_outbox_are_drawn_by_what_a_message_has() -> None:
    page = (ROOT / "templates" / "web" / "outbox.html.j2").read_text(encoding="utf-8")
    assert not [name for name in CHANNELS if f'"{name}"' in page or f"'{name}'" in page]


def test_every_channel_is_a_folder_with_the_name_it_is_registered_by() -> None:
    for name, kind in CHANNELS.items():
        assert kind.name is name
        assert (HOUSE / "channels" / name / "channel.py").exists()


def test_no_two_channels_share_what_must_tell_them_apart() -> None:
    kinds = CHANNELS.values()
    views = [view for kind in kinds for view in kind.views()]
    assert len(set(views)) == len(views)
    for kind in kinds:
        assert next(k.name for k in kinds if k.address.claims(kind.sample().address)) is kind.name
        assert kind.sample().channel is kind.name
