"""The description of the API as a page for people: read out of `openapi.json`, which alone is the truth."""

import json
from collections.abc import Mapping
from typing import Any

from alerts.rendering import (
    ApiReference,
    DescribedAnswer,
    DescribedBody,
    DescribedField,
    DescribedOperation,
    DescribedShape,
)

#: What bounds a value, in words.
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {}",
    "maxItems": "at most {}",
}
_TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}


def reference(described: Mapping[str, Any]) -> ApiReference:
    """All that a description says, in its order."""
    groups: dict[str, list[DescribedOperation]] = {}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    components = described["components"]
    return ApiReference(
        described["info"]["description"],
        described["servers"][0]["url"],
        tuple((noun, tuple(operations)) for noun, operations in groups.items()),
        tuple(_answer(name, said) for name, said in components["responses"].items()),
        tuple(_shape(name, schema) for name, schema in components["schemas"].items()),
    )


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> DescribedOperation:
    return DescribedOperation(
        operation["operationId"],
        method.upper(),
        path,
        operation["description"],
        " ".join(scope for needed in operation.get("security", ()) for scope in needed["key"]),
        tuple(
            _field(p["name"], p["schema"], p.get("required", False), p["in"], p.get("description", ""))
            for p in operation.get("parameters", ())
        ),
        _bodies(operation.get("requestBody", {})),
        tuple(_answer(status, said) for status, said in operation["responses"].items()),
    )


def _answer(status: str, said: Mapping[str, Any]) -> DescribedAnswer:
    name = said["$ref"].rpartition("/")[2] if "$ref" in said else ""
    return DescribedAnswer(status, name, said.get("description", ""), _bodies(said))


def _bodies(part: Mapping[str, Any]) -> tuple[DescribedBody, ...]:
    return tuple(
        DescribedBody(kind, _shape_of(content["schema"]), _example(content.get("example")))
        for kind, content in part.get("content", {}).items()
    )


def _example(example: object) -> str:
    if example is None or isinstance(example, str):
        return example or ""
    return json.dumps(example, ensure_ascii=False, indent=2)


def _shape(name: str, schema: Mapping[str, Any]) -> DescribedShape:
    needed = schema.get("required", ())
    fields = (
        _field(field, about, field in needed, says=about.get("description", ""))
        for field, about in schema.get("properties", {}).items()
    )
    return DescribedShape(name, schema.get("description", ""), tuple(fields))


def _field(
    name: str, schema: Mapping[str, Any], needed: bool, place: str = "", says: str = ""
) -> DescribedField:
    return DescribedField(name, place, _fits(schema), _shape_of(schema), needed, says)


def _shape_of(schema: Mapping[str, Any]) -> str:
    """The name of the shape that a schema has, or that the items of a list have."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    parts = [schema["items"]] if "items" in schema else schema.get("anyOf", [])
    return next((name for name in map(_shape_of, parts) if name), "")


def _fits(schema: Mapping[str, Any]) -> str:
    """What a value may be, in words."""
    if "$ref" in schema:
        return _shape_of(schema)
    if "anyOf" in schema:
        return " or ".join(map(_fits, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return ", ".join(map(str, schema.get("enum", [schema.get("const")])))
    bounds = ", ".join(said.format(schema[bound]) for bound, said in _BOUNDS.items() if bound in schema)
    kind = schema.get("type", "any value")
    if kind == "array":
        words = f"list of {_fits(schema.get('items', {}))}"
    elif kind == "object":
        inner = schema.get("additionalProperties")
        words = f"object of {_fits(inner)}" if isinstance(inner, Mapping) else "object"
    else:
        words = _TYPES.get(kind, kind)
    return f"{words} ({bounds})" if bounds else words
