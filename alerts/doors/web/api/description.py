"""The API described for programs: OpenAPI 3.1, made from the routes, and kept in `docs/openapi.json`.

What holds for every operation of a kind is added here and not at each route: which headers it takes, and how
a body is refused.
"""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from starlette.routing import BaseRoute

from alerts.doors.web.api import problems, replays
from alerts.doors.web.api.resources import ProblemOut
from alerts.ingest.fields import UpdateIn

_ABOUT = """Publish situation updates, follow what becomes of them, and keep subscribers in step.

Every request shows a key: `Authorization: Bearer alk_…`, made by `alerts keys add`. Times are RFC 3339 in
UTC. What goes wrong is a problem (RFC 9457). A change of a subscriber names the version that it is meant for
(`If-Match`). A POST with an `Idempotency-Key` may be sent again: for 24 hours the answer is the same."""

_CHANGES = ("post", "put", "patch", "delete")
_IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the version that this is meant for, or * for whatever is there.",
    "schema": {"type": "string"},
    "example": "*",
}
_IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag that was read before: 304 if it is still so.",
    "schema": {"type": "string"},
}
_AGAIN: dict[str, Any] = {
    "name": replays.HEADER,
    "in": "header",
    "description": "Makes it safe to send this again: for 24 hours the answer is the same.",
    "schema": {"type": "string", "minLength": 1, "maxLength": replays.KEY_MAX},
}
#: Refusals of a body that is too long or does not come, and of a request that is being worked on already.
_OF_BODIES, _OF_REPLAYS = (408, 413), (409,)
#: What stands for the parts of a path.
_IN_PATHS = {
    "address": "olga@example.org",
    "draft": "gdacs-8c7b1f0a2d3e",
    "name": "Grain",
    "number": 1,
    "update": "ua-harvest",
}


def describe(routes: Sequence[BaseRoute], prefix: str) -> dict[str, Any]:
    """The description of these routes, which are mounted at a prefix."""
    described = get_openapi(
        title="Alerts",
        version="1",
        openapi_version="3.1.0",
        description=_ABOUT,
        routes=routes,
        servers=[{"url": prefix}],
    )
    parts, examples = described["components"], _examples()
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "A key: alk_…"}}
    for model in (UpdateIn, ProblemOut):
        parts["schemas"] |= _schemas(model)
    parts["responses"] = {
        f"Problem{status}": _problem(said["description"], said["example"])
        for status, said in examples["problems"].items()
    }
    for path in described["paths"].values():
        for method, operation in path.items():
            _complete(method, operation)
            _exemplify(operation, examples["operations"][operation["operationId"]])
    return described


def _examples() -> dict[str, Any]:
    """What was asked and answered once, by operation; and a problem of each status."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath("examples.json").read_text("utf-8"))
    return found


def _schemas(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model by its name, and of what it is made of."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    found: dict[str, Any] = schema.pop("$defs", {})
    return found | {model.__name__: schema}


def _problem(what: str, example: dict[str, Any]) -> dict[str, Any]:
    content = {"schema": {"$ref": "#/components/schemas/ProblemOut"}, "example": example}
    return {"description": what, "content": {problems.KIND: content}}


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add what goes without saying at the route. A body that is laid down is compared with none before it."""
    answers = operation["responses"]
    kinds = operation.get("requestBody", {}).get("content", {})
    headers: list[dict[str, Any]] = []
    refusals = [status for status in answers if status.startswith(("4", "5"))]
    if "428" in answers:
        headers.append(_IF_MATCH)
    if "304" in answers:
        headers.append(_IF_NONE_MATCH)
    if method in _CHANGES and (not kinds or "application/json" in kinds):
        headers.append(_AGAIN)
        refusals += map(str, _OF_REPLAYS)
    if kinds:
        refusals += map(str, _OF_BODIES)
    if headers:
        operation["parameters"] = [*operation.get("parameters", ()), *headers]
    for status in refusals:
        answers[status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = dict(sorted(answers.items()))


def _exemplify(operation: dict[str, Any], example: dict[str, Any]) -> None:
    """Show what was asked once, and what the answer was."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["example"] = (_IN_PATHS | example.get("path", {}))[parameter["name"]]
    answers = operation["responses"]
    shown = [
        (operation.get("requestBody", {}), "request"),
        (answers.get("201", {}), "answer"),
        (answers.get("200", {}), "again" if "201" in answers else "answer"),
    ]
    for part, side in shown:
        for content in list(part.get("content", {}).values())[:1]:
            content["example"] = example[side]
