"""The compose files and the Dockerfile agree with the code they run. `.ci/compose` runs them in an engine."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from importlib.metadata import version
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
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DEV: dict[str, Any] = yaml.safe_load(text("docker-compose.dev.yml"))


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
    assert said == {"USER": "10001", "ENTRYPOINT": '["alerts"]', "CMD": '["worker"]'}
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


def test_every_setting_reaches_the_containers() -> None:
    """What stood in `.env` reached some containers, and others not."""
    given = {name.removesuffix("_FILE") for name in OURS["worker"]["environment"]}
    beside = {"ALERTS_BROKER_URL"}  # the same server, unless somebody edits the file
    assert given == {f"ALERTS_{field.upper()}" for field in Settings.model_fields} - beside


def test_the_image_is_of_this_version_and_says_so() -> None:
    for service in OURS.values():
        assert service["image"] == f"alerts:{version('alerts')}"
        assert service["build"]["labels"]["org.opencontainers.image.version"] == version("alerts")


def test_the_dev_world_shares_nothing_with_the_real_one() -> None:
    """A link in a mail caught by the dev profile unsubscribed the real subscriber of that number."""
    assert DEV["name"] == "alerts-dev"
    assert "secrets" not in DEV
    for name in ("worker", "web"):
        environment = DEV["services"][name]["environment"]
        assert not any("SECRET_KEY" in variable for variable in environment)  # made in its own home
        assert environment["ALERTS_SMTP_URL"].startswith("smtp://mailpit:")
        assert DEV["services"][name]["volumes"] == ["home:/data"]
    assert not {p for s in SERVICES.values() for p in s.get("ports", [])} & {
        p for s in DEV["services"].values() for p in s.get("ports", [])
    }


def test_the_web_door_is_of_the_world_of_the_worker_and_reached_only_from_this_machine() -> None:
    worker, web = OURS["worker"]["environment"], OURS["web"]["environment"]
    assert {name: worker[name] for name in web} == web
    assert OURS["web"]["ports"] == ["127.0.0.1:8000:8000"]


def test_the_web_door_is_healthy_while_the_server_takes_writes(services: Services) -> None:
    kind, _, *words = OURS["web"]["healthcheck"]["test"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    check = [sys.executable, *(word.replace("8000", str(port)) for word in words)]
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
    assert options["--hz"] == "100"
    assert options["--maxmemory-policy"] == "noeviction"
    assert options["--dir"] == "/data"
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]
    assert "SET" in SERVICES["redis"]["healthcheck"]["test"]
    assert "ports" not in SERVICES["redis"]


def test_a_worker_is_healthy_while_it_gives_a_sign_of_life(tmp_path: Path) -> None:
    kind, check = OURS["worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    sign = tmp_path / "sign-of-life"
    assert OURS["worker"]["environment"]["ALERTS_SIGN_OF_LIFE"] in check
    script = check.replace("$$", "$").replace(OURS["worker"]["environment"]["ALERTS_SIGN_OF_LIFE"], str(sign))

    def healthy() -> bool:
        return subprocess.run(["/bin/sh", "-c", script], stderr=subprocess.DEVNULL).returncode == 0

    assert not healthy()
    sign.write_text("")
    assert healthy()
    sign.write_text("The server takes no writes.")
    assert not healthy()
    sign.write_text("")
    os.utime(sign, (time.time() - 60,) * 2)
    assert not healthy()


def test_the_image_is_built_from_what_the_wheel_needs_and_from_nothing_else() -> None:
    let_in = {line[1:] for line in text(".dockerignore").splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    assert {name for names in copied for name in names.split()} == let_in
    assert "*" in text(".dockerignore").splitlines()


def test_logs_are_rotated_and_what_ends_is_started_again() -> None:
    for service in SERVICES.values():
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
        assert service["restart"] == "unless-stopped"
    for service in DEV["services"].values():
        assert service["restart"] == "unless-stopped"
    assert int(DEV["services"]["mailpit"]["environment"]["MP_MAX_MESSAGES"]) >= 5_000


def test_no_secret_slips_into_the_image_wherever_it_lies() -> None:
    """`.env` beside the code of a room that is let in was let in with it."""
    patterns = text(".dockerignore").splitlines()
    assert {"**/.env*", "**/secrets", "**/*.key", "**/*.pem"} <= set(patterns)


def test_the_example_of_an_env_file_sets_what_can_be_set() -> None:
    named = re.findall(r"^#?(ALERTS_[A-Z_]+)=", text(".env.example"), re.MULTILINE)
    assert len(named) > 5
    assert {name.removeprefix("ALERTS_").lower() for name in named} <= set(Settings.model_fields)
