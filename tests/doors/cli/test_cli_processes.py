"""Whole processes: they do what they promise, can be interrupted anywhere, and leave none behind."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cli_runs import Process
from house import subscribe

from alerts.runtime import attach
from alerts.services import connect
from alerts.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for left-over processes in /proc")

UPDATE = "---\nid: talks\nregions: [Ukraine]\nseverity: severe\n---\n# Talks go on\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def page(port: int, path: str) -> str:
    """What the web door says there, in HTTP's own words; it may still be starting."""
    deadline = time.monotonic() + 120
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as door:
                door.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                return door.makefile("rb").read().decode()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of a short name, for sockets; demos make theirs in it."""
    made = Path(tempfile.mkdtemp(prefix="alerts-", dir="/tmp"))
    (made / "talks.md").write_text(UPDATE)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_the_demo_tells_everybody_and_touches_nothing_of_yours(home: Path) -> None:
    """A relay and a server are configured, in the environment and in alerts.toml: nobody ever calls them."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
        (home / "alerts.toml").write_text(f'smtp_url = "smtp://127.0.0.1:{port}"\n')
        url = f"redis://127.0.0.1:{port}/1"
        yours = {"ALERTS_REDIS_URL": url, "ALERTS_SLACK_BOT_TOKEN": "xoxb-1", "TMPDIR": str(home)}
        demo = Process(home / "yours", "demo", cwd=home, **yours)
        code, out, err = demo.ends()
        nobody.setblocking(False)
        with pytest.raises(BlockingIOError):
            nobody.accept()
    assert (code, err) == (0, "")
    assert demo.left_behind() == []
    lines = out.splitlines()
    assert "✓ told at once: 12 emails and 3 Slack posts" in lines
    assert any("came back from gil@gone.example" in line and "550 5.1.1" in line for line in lines)
    assert "✓ opened the daily digests: 2 emails and 1 Slack post" in lines
    assert "✓ told everybody who had been told wrongly: 5 emails and 2 Slack posts" in lines
    page = Path(next(line for line in lines if line.startswith("What they all saw")).split()[-1])
    assert "Istanbul" in page.read_text()
    assert not (home / "yours").exists()
    line = next(line for line in lines if line.startswith("Look around")).partition(":")[2]
    copied = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
    assert (copied.returncode, "corridors-closed" in copied.stdout) == (0, True), "a copied line works"


def test_the_demo_answers_programs_too(home: Path) -> None:
    code, out, err = Process(home, "demo", "-o", "json", TMPDIR=str(home)).ends()
    assert (code, err) == (0, "")
    rows = json.loads(out)
    assert {row["state"] for row in rows} == {"sent", "slot", "no", "bounced", "suppressed"}
    assert len({row["subscriber"] for row in rows}) == 14
    gone = {row["update"]: row for row in rows if row["subscriber"] == "gil@gone.example"}
    assert (gone["istanbul-talks.r1"]["state"], gone["istanbul-talks.r2"]["state"]) == (
        "bounced",
        "suppressed",
    )
    assert gone["istanbul-talks.r1"]["why"] == "hard: 550 5.1.1 No such mailbox here"


@pytest.mark.parametrize(
    ("after", "by"),
    [
        pytest.param("server and worker", signal.SIGINT, id="Ctrl-C while the worker starts"),
        pytest.param("published istanbul-talks", signal.SIGINT, id="Ctrl-C while it sends"),
        pytest.param("told at once", signal.SIGTERM, id="SIGTERM while it waits for the slot"),
    ],
)
def test_the_demo_can_be_stopped_anywhere_and_leaves_no_process(
    home: Path, after: str, by: signal.Signals
) -> None:
    demo = Process(home, "demo", TMPDIR=str(home))
    demo.says(after)
    demo.child.send_signal(by)
    code, _, err = demo.ends()
    assert (code, err.strip()) == (128 + by, "")
    assert demo.left_behind() == []


def test_up_says_its_own_lines_and_no_others(home: Path) -> None:
    """Celery's banner, and its warning about root in a container made for that, hid where the web door is."""
    up = Process(home, "up", "--workers", "1", "--port", str(free_port()))
    said = []
    for line in up.child.stderr or ():
        said.append(line)
        if "Publish with" in line:
            break
    deadline = time.monotonic() + 120
    with attach(Settings(home=home)):
        services = connect(Settings(home=home))
        while not services.workers.live():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        services.close()
    up.child.send_signal(signal.SIGTERM)
    code, out, err = up.ends()
    said += err.splitlines(keepends=True)
    assert (code, out) == (0, "")
    assert said[0].startswith("✓ server ready: "), "it says which server runs"
    assert not [line for line in said if "celery" in line.lower() or "superuser" in line], said


def test_up_sends_what_another_process_publishes_and_ends_on_sigterm(home: Path) -> None:
    port = free_port()
    up = Process(home, "up", "--workers", "1", "--port", str(port))
    up.says(f"✓ web at http://localhost:{port}", "stderr")
    settings = Settings(home=home)
    with attach(settings):
        services = connect(settings)
        subscribe(services, "kyiv@example.org", "UA")
        services.close()
    publish = Process(home, "publish", str(home / "talks.md"), "--wait=120", "-o", "json")
    code, out, _ = publish.ends()
    said = json.loads(out)
    assert (code, said["urgent"], said["created"]) == (0, True, True)
    assert said["outcome"] == {
        "finished": True,
        "deliveries": {"email": {"sent": 1}},
        "failed_digests": {},
    }
    assert "This link does not work" in page(port, "/u/nobody")
    up.child.send_signal(signal.SIGTERM)
    assert up.ends()[0] == 0
    assert up.left_behind() == []
    assert publish.left_behind() == []
    assert len(list((home / "outbox").rglob("*.eml"))) == 1


def test_a_wait_starts_a_worker_where_nobody_runs_one_and_again_right_after(home: Path) -> None:
    """The sign of life of the first one's worker is still fresh: it must not be taken for a living one."""
    settings = Settings(home=home)
    with attach(settings):
        services = connect(settings)
        subscribe(services, "kyiv@example.org", "UA")
        services.close()
    for number in ("1", "2"):
        publish = Process(home, "publish", "--wait", str(home / "talks.md"), "--id", f"talks-{number}")
        code, out, err = publish.ends()
        assert (code, out.splitlines()) == (0, [f"✓ talks-{number}.r1 accepted (urgent)", "  email: 1 sent"])
        assert "one is started" in err
        assert publish.left_behind() == []


def test_a_worker_hands_back_and_ends_on_sigterm(home: Path) -> None:
    worker = Process(home, "worker")
    worker.says("worker 1 started", "stderr")
    worker.child.send_signal(signal.SIGTERM)
    assert worker.ends()[0] in (0, 128 + signal.SIGTERM)  # the latter if it was still starting
    assert worker.left_behind() == []


def test_the_web_door_answers_until_it_is_stopped(home: Path) -> None:
    port = free_port()
    web = Process(home, "web", "--port", str(port))
    web.says(f"✓ web at http://localhost:{port}", "stderr")
    assert "This link does not work" in page(port, "/u/nobody")
    web.child.send_signal(signal.SIGTERM)
    assert web.ends()[0] == 0
    assert web.left_behind() == []


@pytest.mark.parametrize("command", ["up", "web"])
def test_a_port_that_is_taken_is_a_sentence_and_nothing_is_started(home: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = Process(home, command, "--port", str(port))
        code, out, err = refused.ends()
    assert (code, out) == (4, "")
    assert err.splitlines() == [
        f"error: The web door cannot listen on 127.0.0.1, port {port}: Address already in use.",
        "hint: Give it another place with --port or --host.",
    ]
    assert not (home / "redis").exists()


@pytest.mark.parametrize(("plain", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_colours_unless_it_wants_none(
    home: Path, plain: dict[str, str], coloured: bool
) -> None:
    ours, theirs = pty.openpty()
    nothing = Process(home, "explain", "nobody@example.org", "x", stderr=theirs, TERM="xterm", **plain)
    os.close(theirs)
    said = b""
    with suppress(OSError):  # EIO: the terminal's other end is closed
        while part := os.read(ours, 1000):
            said += part
    os.close(ours)
    assert nothing.ends()[0] == 4
    assert b"error: " in said.replace(b"\x1b[1;31m", b"").replace(b"\x1b[0m", b"")
    assert (b"\x1b[1;31m" in said) is coloured


def test_a_reader_that_goes_away_is_not_an_error_to_talk_about(home: Path) -> None:
    """`alerts … | head`: the pipe breaks, and nothing is said about it."""
    (home / "many.json").write_text(
        json.dumps([{"headline": f"{n}", "body": "x" * 5000} for n in range(150)])
    )
    read = Process(home, "read", str(home / "many.json"), "-o", "jsonl")
    assert read.child.stdout is not None
    os.read(read.child.stdout.fileno(), 10)
    read.child.stdout.close()
    assert read.child.stderr is not None
    with read.child.stderr as said:
        assert said.read() == ""
    read.child.wait(120)
