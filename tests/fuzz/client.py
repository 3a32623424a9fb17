"""The whole story, told by a client that openapi-python-client makes of the committed description."""

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.fuzz.stage import Running

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"
PACKAGE = "client_made_here"
#: The generator knows JSON; lines and tables are text to it.
CONFIG = {
    "post_hooks": [],
    "content_type_overrides": dict.fromkeys(
        ("application/x-ndjson", "text/csv", "text/markdown", "text/plain"), "application/octet-stream"
    ),
}
OLGA = "olga@example.org"


class Client:
    """The client that was made: its operations by name, and its models."""

    def __init__(self, folder: Path, url: str, key: str) -> None:
        self.models: Any = import_module(f"{PACKAGE}.models")
        self._folder = folder / PACKAGE
        made: Any = import_module(f"{PACKAGE}.client")
        self._session = made.AuthenticatedClient(base_url=f"{url}/api/v1", token=key)

    def file(self, content: bytes) -> Any:
        """What the client sends as a body that is no JSON."""
        return import_module(f"{PACKAGE}.types").File(io.BytesIO(content))

    @staticmethod
    def make(folder: Path) -> None:
        """Generate it. Whatever the generator does not understand of the description is a fault of it."""
        config = folder / "client.json"
        config.write_text(json.dumps(CONFIG), "utf-8")
        generator = Path(sys.executable).with_name("openapi-python-client")
        command = [generator, "generate", "--path", DESCRIPTION, "--output-path", folder / PACKAGE]
        options = ["--meta", "none", "--config", config, "--overwrite", "--fail-on-warning"]
        subprocess.run([*command, *options], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        sys.path.insert(0, str(folder))

    def ask(self, operation: str, *path: str, expect: int = 200, **given: Any) -> Any:
        """Call an operation by its name. What came back, once it has the status that is expected."""
        [module] = (self._folder / "api").glob(f"*/{operation}.py")
        name = f"{PACKAGE}.api.{module.parent.name}.{operation}"
        answered = import_module(name).sync_detailed(*path, client=self._session, **given)
        assert answered.status_code == expect, (operation, answered.status_code, answered.content)
        return answered.parsed if answered.parsed is not None else answered.content


def tells_the_whole_story(running: Running, folder: Path) -> bool:
    """Key, tag, subscriber, preview, publish, wait, deliveries, explain, withdraw; and tables in and out."""
    Client.make(folder)
    root = Client(folder, running.url, running.key)
    models = root.models
    scopes = [models.KeyInScopesItem(scope) for scope in ("read", "publish", "manage", "admin")]
    made = root.ask("add_key", body=models.KeyIn(name="client", scopes=scopes), expect=201)
    client = Client(folder, running.url, made.key)
    models = client.models
    client.ask("add_tag", body=models.TagIn(tag="harvest", meaning="grain"), expect=201)
    wanted = models.SubscriptionIn(regions=["UA"], tags=["harvest"])
    client.ask("add_subscriber", body=models.SubscriberIn(address=OLGA, subscriptions=[wanted]), expect=201)
    update = models.UpdateIn.from_dict(
        {"id": "ua-harvest", "headline": "Ships leave Izmail", "regions": ["UA"], "tags": ["harvest"]}
    )
    foreseen = client.ask("preview_update", body=update)
    assert foreseen.now == 1, foreseen
    published = client.ask(
        "publish_update",
        body=update,
        plan=foreseen.plan,
        prefer="wait=20",
        idempotency_key="harvest-1",
        expect=201,
    )
    _until(lambda: client.ask("show_update_status", "ua-harvest").finished)
    assert published.created, published
    again = client.ask(
        "publish_update",
        body=update,
        plan=foreseen.plan,
        prefer="wait=20",
        idempotency_key="harvest-1",
        expect=201,
    )
    assert again.revision == published.revision == 1, again
    [delivery] = _lines(client.ask("list_deliveries", "ua-harvest"))
    assert (delivery["address"], delivery["state"]) == (OLGA, "sent"), delivery
    assert client.ask("explain_update", "ua-harvest", address=OLGA).state == "sent"
    ended = client.ask("withdraw_update", "ua-harvest", body=models.Reason(reason="The corridor is closed."))
    assert not ended.taken_back, ended
    client.ask("pause_subscriber", OLGA, if_match="*", body=models.Pause())
    client.ask("resume_subscriber", OLGA, if_match="*")
    table = client.ask("export_subscribers")
    *_, last = _lines(client.ask("import_subscribers", body=client.file(table)))
    assert last["done"]["unchanged"] == 1, last
    client.ask("remove_subscriber", OLGA, if_match="*", expect=204)
    client.ask("revoke_key", "client", expect=204)
    client.ask("show_status", expect=401)
    print("a generated client told the whole story")
    return True


def _lines(body: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.splitlines()]


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.2)
