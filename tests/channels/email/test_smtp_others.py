"""A second opinion: servers that others wrote."""

import os
import shutil
import socket
import subprocess
import time

import pytest
from aiosmtpd.controller import Controller
from smtp_parts import MESSAGE, going, people, sender

from alerts.model import Failed, Sent

SINK = shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin:/usr/bin")


class Handler:
    def __init__(self):
        self.envelopes = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "user3@example.org":
            return "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append((envelope.rcpt_tos, envelope.original_content))
        return "250 2.0.0 taken"


def test_aiosmtpd_gets_what_was_sent_and_who_was_refused_is_told_apart():
    handler = Handler()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        out = sender(f"smtp://127.0.0.1:{controller.port}")
        outcomes = dict(out.send(MESSAGE, people(8), going))
        out.close()
    finally:
        controller.stop()
    assert outcomes.pop(3) == Failed("550 5.1.1 nobody here", "bounced")
    assert set(outcomes.values()) == {Sent("2.0.0 taken")}
    assert handler.envelopes == [([p.address], MESSAGE.fill(p.blanks)) for p in people(8) if p.sid != 3]


@pytest.mark.skipif(SINK is None, reason="postfix is not on this machine")
@pytest.mark.parametrize("option", ["-8", "-p"], ids=["pipelined", "plain"])
def test_postfix_smtp_sink_takes_it_all(option):
    port = free_port()
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []  # it refuses to work for root
    sink = subprocess.Popen([str(SINK), option, *as_user, f"127.0.0.1:{port}", "10"])
    try:
        wait_for(port)
        out = sender(f"smtp://127.0.0.1:{port}")
        outcomes = list(out.send(MESSAGE, people(300), going))
        out.close()
    finally:
        sink.terminate()
        sink.wait()
    assert [sid for sid, o in outcomes if isinstance(o, Sent)] == list(range(300))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(1_200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("smtp-sink did not start")
