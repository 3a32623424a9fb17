"""docker-compose.yml and the Dockerfile agree with the code they run. Docker itself is not run here."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from checkout import command, text

from alerts.runtime import web_command, worker_command
from alerts.runtime.celery_app import QUEUES
from alerts.services import Services
from alerts.settings import Settings, load

COMPOSE_TEXT = text("docker-compose.yml")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "alerts"}


def test_the_worker_drains_the_queues_that_are_rung() -> None:
    words = worker_command(1)
    assert words[words.index("-Q") + 1].split(",") == list(QUEUES)


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_a_container_runs_is_a_command(name: str) -> None:
    assert command(OURS[name]["command"]) == ("alerts web" if name == "web" else "alerts worker")


def test_the_commands_at_its_head_exist() -> None:
    typed = re.compile(r"^#   docker compose exec (?:-T )?worker alerts (.+?)(?: <.*)?$", re.MULTILINE)
    called = [command(shlex.split(line)) for line in typed.findall(COMPOSE_TEXT)]
    assert called == ["alerts check", "alerts publish"]


def test_the_image_runs_alerts_and_not_as_root() -> None:
    said = dict(re.findall(r"^(USER|ENTRYPOINT|CMD) (.+)$", text("Dockerfile"), re.MULTILINE))
    assert said == {"USER": "alerts", "ENTRYPOINT": '["alerts"]', "CMD": '["worker"]'}
    assert command(json.loads(said["CMD"])) == "alerts worker"


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_setting_in_it_exists_and_is_accepted(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = tmp_path / "secret-key"
    secret.write_text("a-key-of-32-characters-or-so-ok")
    known = {f"ALERTS_{field.upper()}" for field in Settings.model_fields}
    for variable, value in OURS[name]["environment"].items():
        assert variable.removesuffix("_FILE") in known
        if value is not None:
            monkeypatch.setenv(variable, str(secret) if variable.endswith("_FILE") else str(value))
    monkeypatch.chdir(tmp_path)
    assert load().redis_url is not None


def test_each_world_has_databases_of_its_own() -> None:
    found = []
    for name in OURS.keys() - {"web"}:
        service = OURS[name]
        url = service["environment"]["ALERTS_REDIS_URL"]
        broker = service["environment"].get("ALERTS_BROKER_URL", url.rpartition("/")[0] + "/0")
        found += [url, broker]
    assert len(set(found)) == len(found) == 4
    assert all(url.startswith("redis://redis:6379/") for url in found)


def test_the_web_door_is_of_the_world_of_the_worker_and_reached_only_from_this_machine() -> None:
    worker, web = OURS["worker"]["environment"], OURS["web"]["environment"]
    assert {name: worker[name] for name in web} == web
    assert OURS["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_the_web_door_is_healthy_while_the_server_takes_writes(services: Services) -> None:
    kind, _, *words = OURS["web"]["healthcheck"]["test"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    check = [sys.executable, *(word.replace(":8000", f":{port}") for word in words)]
    environment = {"ALERTS_HOME": str(services.settings.home)}
    door = subprocess.Popen(web_command("127.0.0.1", port), env=os.environ | environment)
    try:
        deadline = time.monotonic() + 120
        while subprocess.run(check, stderr=subprocess.DEVNULL, timeout=120).returncode != 0:
            assert time.monotonic() < deadline
        services.server.client.config_set("min-replicas-to-write", 1)
        assert subprocess.run(check, stderr=subprocess.DEVNULL, timeout=120).returncode != 0
    finally:
        services.server.client.config_set("min-replicas-to-write", 0)
        door.terminate()
        door.wait(120)
    assert kind == "CMD"


def test_only_what_is_for_development_is_sent_to_the_mail_catcher() -> None:
    caught = {n for n, s in OURS.items() if "mailpit" in str(s["environment"].get("ALERTS_SMTP_URL"))}
    assert caught == {"worker-dev"}
    assert {n for n, s in SERVICES.items() if s.get("profiles") == ["dev"]} == {"worker-dev", "mailpit"}


SECRETS = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]


def test_no_secret_stands_in_the_file() -> None:
    for service in OURS.values():
        for name in SECRETS:
            url = urlsplit(service["environment"].get(f"ALERTS_{name.upper()}") or "redis://nothing-is-set")
            assert url.hostname, name  # an address may stand here, a login in it or anything else may not
            assert url.username is url.password is None, name
        assert service["secrets"] == ["secret-key"]
        assert service["environment"]["ALERTS_SECRET_KEY_FILE"] == "/run/secrets/secret-key"


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_worker_is_confined_and_has_time_to_hand_back_its_work(name: str) -> None:
    service = OURS[name]
    assert service["read_only"]
    assert service["init"]
    assert service["cap_drop"] == ["ALL"]
    assert service["restart"] == "unless-stopped"
    assert int(service["stop_grace_period"].removesuffix("s")) > 15
    assert service["depends_on"]["redis"] == {"condition": "service_healthy"}
    assert any(volume.endswith(":/data") for volume in service["volumes"])


def test_the_server_is_one_that_alerts_check_accepts_and_its_health_is_a_write() -> None:
    words = shlex.split(SERVICES["redis"]["command"])
    options = dict(zip(words[1::2], words[2::2], strict=True))
    assert options["--appendonly"] == "yes"
    assert options["--appendfsync"] == "everysec"
    assert options["--maxmemory-policy"] == "noeviction"
    assert options["--dir"] == "/data"
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]
    assert "SET" in SERVICES["redis"]["healthcheck"]["test"]
    assert "ports" not in SERVICES["redis"]


def test_a_worker_is_healthy_while_it_gives_a_sign_of_life(services: Services) -> None:
    kind, check = OURS["worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    beside = str(Path(sys.executable).parent)
    environment = os.environ | {
        "ALERTS_HOME": str(services.settings.home),
        "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}",
    }

    def healthy() -> bool:
        script = check.replace("$$", "$")
        return subprocess.run(["/bin/sh", "-c", script], env=environment, timeout=120).returncode == 0

    services.workers.alive(f"another-container:{os.getpid()}")
    assert not healthy()
    services.workers.alive(f"{socket.gethostname()}:{os.getpid()}")
    assert healthy()


def test_the_image_is_built_from_what_the_wheel_needs_and_from_nothing_else() -> None:
    let_in = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    assert {name for names in copied for name in names.split()} == let_in
    assert "*" in text(".dockerignore").splitlines()
