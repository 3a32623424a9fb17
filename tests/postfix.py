"""A private postfix that passes mail on to one next server, and what comes back through a pipe to a command.

It needs root, as postfix does. Its pipe must run as somebody else, who may enter neither our folders nor, on
most machines, our Python: a courier takes each mail to us, and our command's exit code back to postfix.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USABLE = PROGRAM is not None and os.geteuid() == 0

#: postconf(5). A mail that has to be tried again is so after a second.
MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
default_transport = smtp:[127.0.0.1]:{onward}
relay_transport = alerts:
relay_domains = {domain}
alerts_destination_recipient_limit = 1
smtpd_relay_restrictions = permit_mynetworks, reject
mynetworks = 127.0.0.0/8
smtp_tls_security_level = none
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 1 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
scache    unix - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
proxymap  unix - - n - - proxymap
alerts    unix - n n - 2 pipe flags=q user=nobody argv=/bin/sh {home}/courier ${{original_recipient}}
"""

COURIER = """
mail=$(mktemp {home}/in/XXXXXXXX) || exit 75
cat >"$mail" && chmod 644 "$mail"
printf %s "$1" >"$mail.draft" && mv "$mail.draft" "$mail.to"
until [ -e "$mail.code" ]; do sleep 0.1; done
exit "$(cat "$mail.code")"
"""


@dataclass
class Postfix:
    """One that runs. `codes` are the exit codes of the command so far."""

    home: Path
    port: int
    codes: list[int] = field(default_factory=list)

    def log(self) -> str:
        return (self.home / "postfix.log").read_text("utf-8")


@contextmanager
def postfix(
    onward: int,
    domain: str,
    command: list[str],
    environments: list[Mapping[str, str]],
    more: str = "",
) -> Iterator[Postfix]:
    """Run it; mail for `domain` goes to `command --to ADDRESS`, in each environment once, then the last.

    `more`: lines of postconf(5).
    """
    home = Path(tempfile.mkdtemp(prefix="postfix-", dir="/tmp"))  # a socket's path must be short
    home.chmod(0o755)  # its processes are other users
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in ("queue", "data", "in"):
        (home / name).mkdir()
    (home / "in").chmod(0o1777)
    shutil.chown(home / "data", "postfix")
    (home / "main.cf").write_text(MAIN.format(home=home, onward=onward, domain=domain) + more)
    (home / "master.cf").write_text(MASTER.format(home=home, port=port))
    (home / "courier").write_text(COURIER.format(home=home))
    running, ended = Postfix(home, port), threading.Event()
    courier = threading.Thread(target=_carry, args=(running, ended, command, environments))
    try:
        _run("start", home)
        courier.start()
        _await(port)
        yield running
    finally:
        ended.set()
        _run("stop", home)
        if courier.is_alive():
            courier.join()
        shutil.rmtree(home, ignore_errors=True)


def _carry(
    running: Postfix, ended: threading.Event, command: list[str], environments: list[Mapping[str, str]]
) -> None:
    folder = running.home / "in"
    while not ended.wait(0.05):
        for to in sorted(folder.glob("*.to")):
            mail, environment = (
                to.with_suffix(""),
                environments[min(len(running.codes), len(environments) - 1)],
            )
            with mail.open("rb") as octets:
                done = subprocess.run(
                    [*command, "--to", to.read_text()], stdin=octets, env=environment, timeout=240
                )
            to.unlink()
            running.codes.append(done.returncode)
            draft = mail.with_suffix(".written")
            draft.write_text(str(done.returncode))
            draft.replace(mail.with_suffix(".code"))


def _run(action: str, home: Path) -> None:
    done = subprocess.run([str(PROGRAM), "-c", str(home), action], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()


def _await(port: int) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "postfix does not listen"
            time.sleep(0.05)
