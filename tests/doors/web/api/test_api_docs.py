"""What is written about the API: the description is the routes', and every line to copy works."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from doors import Door
from jsonschema import Draft202012Validator
from test_api_scopes import FREE

from alerts.doors.web import api as door_for_programs
from alerts.services import Services
from alerts.settings import Settings

DOCS = Path(__file__).parents[4] / "docs"


def test_the_description_in_the_docs_is_the_one_that_is_served(door: Door) -> None:
    """`python tools/document.py` writes it."""
    kept = json.loads((DOCS / "openapi.json").read_text("utf-8"))
    assert kept == door_for_programs.described()
    assert json.loads(door.ask("/api/v1/openapi.json").text) == kept


def operations() -> dict[str, dict[str, Any]]:
    paths = door_for_programs.described()["paths"].values()
    return {operation["operationId"]: operation for path in paths for operation in path.values()}


def whole(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the description, where another part may stand for it."""
    if "$ref" not in part:
        return part
    found: dict[str, Any] = door_for_programs.described()
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


@pytest.mark.parametrize("name", operations())
def test_every_operation_has_examples_that_fit_and_says_what_can_go_wrong(name: str) -> None:
    operation = operations()[name]
    components = door_for_programs.described()["components"]
    answers = [whole(answer) for answer in operation["responses"].values()]
    bodies = [operation["requestBody"]["content"]] if "requestBody" in operation else []
    contents = [*bodies, *(answer["content"] for answer in answers if answer.get("content"))]
    for kinds in contents:
        examples = [
            (content["schema"], content["example"]) for content in kinds.values() if "example" in content
        ]
        assert examples
        for schema, example in examples:
            Draft202012Validator(schema | {"components": components}).validate(example)
    assert {"400", "401", "403", "422", "429", "500", "503"} <= set(operation["responses"])
    assert name in FREE or len(operation["security"][0]["key"]) == 1
    assert all("example" in p for p in operation.get("parameters", ()) if p["in"] == "path")


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_every_line_of_the_page_works_when_copied(
    services: Services, door: Door, bundled: Settings, tmp_path: Path
) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / "api.md").read_text("utf-8"), re.DOTALL)
    script = "set -eu\n" + "\n".join(blocks).replace("http://localhost:8000", door.url)
    here = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"ALERTS_HOME": str(bundled.home), "PATH": here}
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert services.updates.latest("ua-harvest") == 2
    assert list(services.api_keys.all()) == []
    assert [e.who for e in services.audit.entries()].count("key docs-tour") == 10
