"""The API described for programs: OpenAPI 3.1, made from the routes, and kept in `docs/openapi.json`."""

from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from alerts.ingest.fields import UpdateIn

_ABOUT = """Publish situation updates, follow what becomes of them, and keep subscribers in step.

Every request shows a key: `Authorization: Bearer alk_…`, made by `alerts keys add`. Times are RFC 3339 in
UTC. What goes wrong is a problem (RFC 9457). A change of a subscriber names the version that it is meant for
(`If-Match`). A POST with an `Idempotency-Key` may be sent again: for 24 hours the answer is the same."""


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
    parts = described["components"]
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": "A key: alk_…"}}
    update = UpdateIn.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= update.pop("$defs", {}) | {"UpdateIn": update}
    return described
