"""docs/faults.md and this folder say the same."""

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "docs" / "faults.md"


def test_every_row_names_a_test_and_every_test_has_a_row() -> None:
    rows = re.findall(r"\| `(test_\w+)` \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    tests = [
        node.name
        for file in HERE.glob("test_*.py")
        if file != Path(__file__)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert sorted(rows) == sorted(tests)
