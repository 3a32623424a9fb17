"""`alerts up`, `alerts worker` and `alerts web`: what runs until Ctrl-C."""

import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from alerts import channels
from alerts import operations as do
from alerts.doors.cli import frame
from alerts.doors.cli.output import tell
from alerts.errors import Away, BadInput, Conflict
from alerts.ingest.hot_folder import HotFolder
from alerts.runtime import Supervisor, mail_command, mailbox_command, web_command, worker_command
from alerts.services import Services
from alerts.settings import unknown

#: Threads a worker sends with; sending is mostly waiting.
THREADS = 2
_ALERTS = (sys.executable, "-m", "alerts")
#: How often a server that is away is looked for.
LOOK_EVERY_S = 0.5


def _listening(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--host` and `--port`."""
    port = click.option(
        "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Of the web door."
    )
    host = click.option(
        "--host", default="127.0.0.1", show_default=True, help="The address that the web door listens on."
    )
    return host(port(command))


@click.command()
@click.option(
    "--workers", type=click.IntRange(1, 64), help="How many workers; one per core, at most 2, if left out."
)
@click.option(
    "--mail-in",
    metavar="HOST:PORT",
    callback=lambda _context, _option, text: None if text is None else _place(text),
    help="Take in mails that come back there, by LMTP or SMTP from the mail server beside it.",
)
@click.option(
    "--watch",
    "folders",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Publish what is put into this folder, as `alerts watch DIR` does; several times.",
)
@_listening
def up(
    workers: int | None, mail_in: tuple[str, int] | None, folders: tuple[Path, ...], host: str, port: int
) -> None:
    """Run everything until Ctrl-C: the bundled server, unless one is configured, workers, the web door."""
    count = workers or min(2, os.cpu_count() or 1)
    _name_unknown_settings()
    _require_free(host, port)
    if mail_in:
        _require_free(*mail_in, door="mail", option="--mail-in")
    for folder in folders:
        HotFolder(folder)
    with frame.services() as services:
        _require_ready(services)
        wait_for_server(services)
        where = services.settings.socket_path if services.settings.bundled else "as configured"
        tell(f"✓ server ready: {services.server.name()} ({where})")
        if lacking := services.server.lacking():
            tell(f"! {lacking.message} {lacking.hint}")
        with Supervisor(tell) as children:
            for number in range(1, count + 1):
                start_worker(children, number)
            _start_web(children, host, port)
            _start_mailbox(children, services)
            if mail_in:
                children.start("mail", _heard(mail_command(*mail_in)))
                tell(f"✓ mail that comes back is taken in at {mail_in[0]}, port {mail_in[1]}")
            for folder in folders:
                children.start(f"watch {folder}", _heard([*_ALERTS, "watch", "--", str(folder.absolute())]))
            tell("  Publish with `alerts publish FILE`, look with `alerts status`, stop with Ctrl-C.")
            children.run_until_signal()
    tell("✓ stopped; what is not sent is still owed")


@click.command()
def worker() -> None:
    """Run one worker until Ctrl-C, and start it again if it ever ends by itself."""
    _name_unknown_settings()
    with frame.services() as services:
        _require_ready(services)
        wait_for_server(services)
        with Supervisor(tell) as children:
            start_worker(children, 1, sign=services.settings.sign_of_life)
            _start_mailbox(children, services)
            children.run_until_signal()


@click.command()
@_listening
def web(host: str, port: int) -> None:
    """Run the web door until Ctrl-C: the pages that links in emails lead to, and /healthz."""
    _name_unknown_settings()
    _require_free(host, port)
    with frame.services() as services:
        wait_for_server(services)
        with Supervisor(tell) as children:
            _start_web(children, host, port)
            children.run_until_signal()


def _name_unknown_settings() -> None:
    """Say which variables set nothing: whoever misspelt one looks here, and not into `alerts check`."""
    for problem in unknown():
        tell(f"! {problem.message} {problem.hint}")


def _require_ready(services: Services) -> None:
    """Raise what would keep every worker from working: said once, by us, not in Celery's words."""
    for fault in channels.faults(services.settings).values():
        raise fault
    do.bounces_mailbox(services.settings)


def wait_for_server(services: Services) -> None:
    """Return once the server answers, and say once what is waited for. Raises what waiting does not help."""
    said = ""
    while True:
        try:
            services.due.count()
        except Away as away:
            if away.sentence != said:
                tell(f"… waiting for the server: {away.sentence}")
            said = away.sentence
            time.sleep(LOOK_EVERY_S)
        else:
            break
    if said:
        tell("✓ the server is there")


def start_worker(
    children: Supervisor,
    number: int,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    sign: Path | None = None,
) -> None:
    """Supervise one worker. What Celery says goes into `log`, else to standard error: answers are ours."""
    # Celery takes the last -n: workers of one supervisor need names of their own.
    command = [*worker_command(THREADS), "-n", f"alerts-{os.getpid()}-{number}@%h"]
    children.start(f"worker {number}", _heard(command, log), env, sign)


def in_its_log(_: str) -> None:
    """Say nothing: what becomes of a worker that has a log of its own stands there."""


def _start_web(children: Supervisor, host: str, port: int) -> None:
    children.start("web", _heard(web_command(host, port)))
    shown = {"127.0.0.1": "localhost"}.get(host, f"[{host}]" if ":" in host else host)
    tell(f"✓ web at http://{shown}:{port}")


def _start_mailbox(children: Supervisor, services: Services) -> None:
    """Read the mailbox of what comes back, where there is one: one of all the processes that do reads it."""
    address = do.bounces_mailbox(services.settings)
    if address:
        children.start("mailbox", _heard(mailbox_command()))
        tell(f"✓ mail that comes back is read from the mailbox at {address.host}, port {address.port}")


def _heard(command: Sequence[str], log: Path | None = None) -> list[str]:
    redirected = 'umask 077; exec "$@" >>"$0" 2>&1' if log else 'exec "$@" >&2'
    return ["/bin/sh", "-c", redirected, str(log or command[0]), *command]


def _place(text: str) -> tuple[str, int]:
    """The host and port of `127.0.0.1:8024`, `[::1]:8024`. Raises BadInput."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise BadInput(
            f"“{text[:100]}” is no place to listen at.", "Write a host and a port: 127.0.0.1:8024."
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def _require_free(host: str, port: int, door: str = "web", option: str = "--port or --host") -> None:
    """Raise Conflict if nothing can listen there: said once, by us, rather than by each start of a child."""
    try:
        socket.create_server((host, port), family=_family(host)).close()
    except OSError as fault:
        why = str(fault.strerror).partition(" (")[0]
        raise Conflict(
            f"The {door} door cannot listen on {host}, port {port}: {why}.",
            f"Give it another place with {option}.",
        ) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
