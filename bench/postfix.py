"""A private postfix on loopback, for as long as a measurement lasts: a real MTA that throws all mail away.

Needs root, as postfix does. Its queue, its configuration and its processes are gone afterwards.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.scene import free_port, listening, tool, until

#: postconf(5). Nothing here is faster than postfix comes, but for limits meant against abuse.
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
default_transport = discard
relay_transport = discard
smtpd_relay_restrictions = permit_mynetworks, reject
mynetworks = 127.0.0.0/8
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
smtpd_client_recipient_rate_limit = 0
smtpd_discard_ehlo_keywords = {withheld}
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
discard   unix - - n - - discard
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
proxymap  unix - - n - - proxymap
"""


@contextmanager
def postfix(withheld: str = "") -> Iterator[int]:
    """Run it until the block ends; `withheld` is an SMTP extension that it keeps quiet about. Its port."""
    home = Path(tempfile.mkdtemp(prefix="alerts-postfix-"))
    home.chmod(0o755)  # its processes are other users
    port = free_port()
    (home / "queue").mkdir()
    (home / "data").mkdir()
    shutil.chown(home / "data", "postfix")
    (home / "main.cf").write_text(MAIN.format(home=home, withheld=withheld))
    (home / "master.cf").write_text(MASTER.format(port=port))
    command = [tool("postfix"), "-c", str(home)]
    try:
        _run([*command, "start"])
        until(lambda: listening(port), "postfix does not listen", 20)
        yield port
    finally:
        _run([*command, "stop"])
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
