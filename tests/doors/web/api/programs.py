"""Programs that use the API over a real connection. Every answer is held against its description."""

import http.client
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from doors import Door
from jsonschema import Draft202012Validator

from alerts.doors.web import api
from alerts.operations import Permission, add_key
from alerts.operations.acting import Actor
from alerts.services import Services

ROOT = Actor("root", "test", frozenset(Permission))


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def places(self) -> list[str]:
        """Where a problem says that something is wrong."""
        return [fault.get("pointer", fault.get("parameter")) for fault in self.json["faults"]]


@dataclass(frozen=True)
class Program:
    """Something that shows one key."""

    door: Door
    key: str

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Answered:
        """One request. A body that is not text is sent as JSON; `If_Match` is the header If-Match."""
        sent = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
        shown = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        kind = {"Content-Type": "application/json"} if body is not None else {}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        where = urlsplit(self.door.url)
        assert where.hostname
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        try:
            connection.request(
                method,
                api.PREFIX + path,
                sent.encode() if isinstance(sent, str) else sent,
                shown | kind | given,
            )
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            answered = Answered(answer.status, names, answer.read())
        finally:
            connection.close()
        hold(method, path, answered)
        return answered


def program(services: Services, door: Door, *may: Permission, name: str = "") -> Program:
    """A program with a key of its own."""
    called = name or "-".join(["test", *(p.value for p in may)])
    return Program(door, add_key(services, ROOT, called, may or Permission).secret)


def hold(method: str, path: str, answered: Answered) -> None:
    """Hold an answer against what the description says of it. What is not described is no answer of ours."""
    described = api.described()
    operation = operation_of(method, urlsplit(path).path)
    if operation is None:
        assert answered.status in (401, 404, 429)
        return
    answers = operation["responses"]
    kind = answered.headers.get("content-type")
    said = answers[str(answered.status)]
    if "$ref" in said:
        said = described["components"]["responses"][said["$ref"].rpartition("/")[2]]
    content = said.get("content")
    if not content:
        assert (answered.body, kind) == (b"", None)
        return
    if kind == "application/x-ndjson":
        assert all(json.loads(line) for line in answered.body.splitlines())
        return
    if kind and kind.startswith("text/"):
        assert kind.partition(";")[0] in content
        return
    schema = content[kind]["schema"] | {"components": described["components"]}
    Draft202012Validator(schema).validate(answered.json)
    if answered.status >= 400:
        assert answered.json["status"] == answered.status
        assert answered.json["detail"].endswith((".", "?"))


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """The operation that a request is for, as it is described."""
    for template, operations in api.described()["paths"].items():
        if method.lower() in operations and _pattern(template).fullmatch(path):
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None


def _pattern(template: str) -> re.Pattern[str]:
    """Addresses of channels hold a slash, and so may the names that people give; nothing else does."""
    return re.compile(
        re.sub(r"{(\w+)}", lambda m: ".+" if m[1] in ("address", "name") else "[^/]+", template)
    )
