"""A template of an operator may loop, or ask for a gigabyte: it fails, with its line, and holds up nobody."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rendering_samples import FLOOD, TALKS, alone, html_of, mail

from alerts.errors import BadInput
from alerts.model import Channel
from alerts.rendering import sandbox

NAME = "email/one.html.j2"
#: Each asks for more than there is, in its third line.
EXCESSIVE = {
    "a loop": "{% for a in 'x' * 99999 %}{% for b in 'x' * 99999 %}{% endfor %}{% endfor %}",
    "a gigabyte of text": "{{ 'a' * 10**9 }}",
    "a gigabyte the other way round": "{{ 10**9 * 'a' }}",
    "a list without end": "{{ [0] * 10**9 }}",
    "a number without end": "{{ 9 ** 99999999 }}",
    "a power of a power": "{{ (9 ** 999) ** 999 }}",
    "a product without end": "{% set n = 9 ** 999 %}{{ n * n * n }}",
    "a wide number": "{{ '%1999999999d' % digest.groups|length }}",
    "a wide text": "{{ digest.subject|center(1999999999) }}",
    "a wide constant": "{{ 'a'|center(1999999999) }}",
    "a wide format": "{{ '{:1999999999}'.format(digest.subject) }}",
    "a method that pads": "{{ digest.subject.ljust(1999999999) }}",
    "a text replaced by a larger one": "{{ ('a' * 999999)|replace('a', 'b' * 999999) }}",
    "much text, piece by piece": "{% for a in 'x' * 99 %}{{ 'a' * 99999 }}\n{% endfor %}",
}


def written(folder: Path, text: str, name: str = NAME) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("what", EXCESSIVE)
def test_what_asks_for_too_much_fails_with_its_line(tmp_path: Path, what: str) -> None:
    """A loop ran for ever in each worker in turn, and a gigabyte ended the process: nobody was told."""
    path = written(tmp_path, f"one\ntwo\n{EXCESSIVE[what]}")
    with pytest.raises(BadInput) as refused:
        alone(Channel("email"), TALKS, folder=tmp_path)
    assert f"{path}, line 3," in refused.value.sentence
    written(tmp_path, "<p>mended</p>")
    assert "mended" in html_of(mail(alone(Channel("email"), TALKS, folder=tmp_path)))


def test_a_template_that_hangs_holds_up_no_other_thread(tmp_path: Path) -> None:
    """All threads rendered under one interpreter lock, and waited with it."""
    hanging, good = tmp_path / "hanging", tmp_path / "good"
    written(hanging, EXCESSIVE["a loop"])
    written(good, "<p>good</p>")
    failed = threading.Event()

    def hang() -> None:
        with pytest.raises(BadInput):
            alone(Channel("email"), TALKS, folder=hanging)
        failed.set()

    alone(Channel("email"), TALKS, folder=good)  # its process is there
    thread = threading.Thread(target=hang)
    thread.start()
    overtaking = 0
    while not failed.is_set():
        alone(Channel("email"), FLOOD, folder=good)
        overtaking += not failed.is_set()
    thread.join()
    assert overtaking > 1


def test_a_process_that_dies_fails_one_rendering_and_is_replaced(tmp_path: Path) -> None:
    written(tmp_path, "<p>good</p>")
    alone(Channel("email"), TALKS, folder=tmp_path)
    for process in list(sandbox._idle):
        process._popen.kill()
        process._popen.wait()
    for _ in range(sandbox.KEPT):
        if sandbox._idle:
            with pytest.raises(BadInput, match="without an answer"):
                alone(Channel("email"), TALKS, folder=tmp_path)
    assert "good" in html_of(mail(alone(Channel("email"), TALKS, folder=tmp_path)))


def test_the_process_is_given_no_secret_and_ends_with_ours(tmp_path: Path) -> None:
    written(tmp_path, "<p>good</p>")
    program = (
        "import sys, pathlib; here = pathlib.Path(sys.argv[1])\n"
        "sys.path[:0] = [str(here), str(here.parent)]\n"
        "from rendering_samples import TALKS, alone\n"
        "from alerts.model import Channel\nfrom alerts.rendering import sandbox\n"
        "alone(Channel('email'), TALKS, folder=pathlib.Path(sys.argv[2]))\n"
        "print(sandbox._idle[0]._popen.pid, flush=True)\nsys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(Path(__file__).parent), str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=dict(os.environ, ALERTS_SECRET_KEY="a-secret-of-the-tests"),
        text=True,
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    seen = Path(f"/proc/{pid}/environ")
    if seen.exists():
        assert b"a-secret-of-the-tests" not in seen.read_bytes()
    parent.kill()
    parent.communicate()
    gone = threading.Event()
    for _ in range(600):
        if not running(pid):
            break
        gone.wait(0.05)
    assert not running(pid)


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and ") Z " in state.read_text())


@pytest.mark.parametrize("target", ["a file", "a folder", "a device", "nothing", "itself"])
def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    """It was followed: whoever may write templates could have any file of the worker's sent to people."""
    folder, outside = tmp_path / "templates", tmp_path / "outside"
    folder.mkdir()
    secret = written(outside, "a secret", "one.html.j2")
    (folder / "email").mkdir()
    link = folder / NAME
    if target == "a folder":
        link.parent.rmdir()
        link.parent.symlink_to(secret.parent)
    else:
        to = {"a file": secret, "a device": "/dev/zero", "nothing": tmp_path / "none", "itself": link}[target]
        link.symlink_to(to)
    with pytest.raises(BadInput) as refused:
        alone(Channel("email"), TALKS, folder=folder)
    assert str(link) in refused.value.sentence or target == "itself"
    assert "secret" not in refused.value.sentence


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    """So a ConfigMap is mounted: `email` leads to `..data/email`, which leads to a folder with a date."""
    written(tmp_path, "<p>ours</p>", "..2026/email/one.html.j2")
    (tmp_path / "..data").symlink_to("..2026")
    (tmp_path / "email").symlink_to("..data/email")
    assert "ours" in html_of(mail(alone(Channel("email"), TALKS, folder=tmp_path)))


def test_a_pipe_in_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(BadInput, match="not a file"):
        alone(Channel("email"), TALKS, folder=tmp_path)
