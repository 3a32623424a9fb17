"""Dovecot with one mailbox, in a folder and on ports of its own; as whoever runs the tests, or as nobody."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from imapclient import IMAPClient
from webhook_receiver import certificate

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
USER, PASSWORD = "bounces@example.org", "pa@ss/wo%rd"

CONF = """
protocols = imap
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
ssl_dh =
auth_failure_delay = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_uid = {user}
mail_gid = {group}
mail_location = {kind}:{home}/mail
passdb {{
  driver = passwd-file
  args = {home}/passwd
}}
userdb {{
  driver = static
  args = home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


class Dovecot(NamedTuple):
    """A server that runs, and the ports of its two kinds of IMAP."""

    home: Path
    plain: int
    tls: int

    @property
    def url(self) -> str:
        """Of its mailbox, by TLS from the first octet."""
        login = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"
        return f"imaps://{login}@localhost:{self.tls}/INBOX?cafile={self.home}/cert.pem"

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """A person who looks into the mailbox."""
        with IMAPClient("127.0.0.1", self.plain, ssl=False) as client:
            client.login(USER, PASSWORD)
            yield client

    def put(self, *mails: bytes) -> None:
        with self.client() as client:
            for octets in mails:
                client.append("INBOX", octets)

    def count(self, folder: str) -> int:
        with self.client() as client:
            return int(client.select_folder(folder, readonly=True)[b"EXISTS"])


@contextmanager
def dovecot(kind: str = "maildir") -> Iterator[Dovecot]:
    """A server that is there meanwhile, its mailbox empty."""
    home = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # a socket's path must be short
    root = os.geteuid() == 0
    user, group = ("nobody", "nogroup") if root else (getpass.getuser(), str(os.getegid()))
    plain, tls = _free_port(), _free_port()
    key, cert = certificate()
    for name, text in (
        ("key.pem", key),
        ("cert.pem", cert),
        ("passwd", f"{USER}:{{PLAIN}}{PASSWORD}\n".encode()),
    ):
        (home / name).write_bytes(text)
    (home / "conf").write_text(
        CONF.format(home=home, user=user, group=group, plain=plain, tls=tls, kind=kind), encoding="utf-8"
    )
    if root:
        shutil.chown(home, user, group)
    process = subprocess.Popen(
        [str(PROGRAM), "-F", "-c", str(home / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await(process, plain, home / "log")
        yield Dovecot(home, plain, tls)
    finally:
        process.terminate()
        process.wait(120)
        shutil.rmtree(home, ignore_errors=True)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            said = log.read_text("utf-8") if log.exists() else ""
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
