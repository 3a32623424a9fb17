"""Receipts taken in: postfix's whole reports, each read and its delivery changed. One core, and its memory.

A report is as postfix sends it: its words, the status, and the mail itself that came back with it. Ten
thousand people are written to; every report names one of them, so that most change nothing more, and each
is read, proved and looked up all the same.
"""

import resource
import time
from collections.abc import Iterator

from alerts.channels import read_outbox
from alerts.operations import Actor, Permission, take_in
from alerts.services import Services
from alerts.walk import steps
from alerts.walk.batch_sender import BatchSender
from bench.scene import draft, people, scene

PEOPLE, QUICK_PEOPLE = 10_000, 500
#: After how many the memory is asked, and how many there are altogether.
WARM, ALL, QUICK_ALL = 100_000, 1_000_000, 5_000
REGION = "UA"

_REPORT = """\
Received: by mx.example.net (Postfix)
\tid 4Z5F5L3x4Gz1c; Thu, 26 Nov 2026 08:00:02 +0000 (UTC)
Date: Thu, 26 Nov 2026 08:00:02 +0000 (UTC)
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bounces+{token}@returns.example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Z5F5L3wTyz1b.1795680002/mx.example.net"
Content-Transfer-Encoding: 8bit
Message-Id: <4Z5F5L3x4Gz1c@mx.example.net>

This is a MIME-encapsulated message.

--4Z5F5L3wTyz1b.1795680002/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

For further assistance, please send mail to postmaster.

If you do so, please include this problem report. You can
delete your own text from the attached returned message.

                   The mail system

<{address}>: host mail.example.org[192.0.2.7] said: 550 5.1.1 <{address}>:
    Recipient address rejected: User unknown (in reply to RCPT TO command)

--4Z5F5L3wTyz1b.1795680002/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4Z5F5L3wTyz1b
X-Postfix-Sender: rfc822; bounces+{token}@returns.example.org
Arrival-Date: Thu, 26 Nov 2026 08:00:01 +0000 (UTC)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address rejected: User unknown

--4Z5F5L3wTyz1b.1795680002/mx.example.net
Content-Description: Undelivered Message
Content-Type: message/rfc822
Content-Transfer-Encoding: 8bit

{mail}
--4Z5F5L3wTyz1b.1795680002/mx.example.net--
"""


def run(quick: bool) -> dict[str, float]:
    number, every = (QUICK_PEOPLE, QUICK_ALL) if quick else (PEOPLE, ALL)
    warm = min(WARM, every // 5)
    with scene(return_path="returns.example.org") as stage:
        stage.subscribe(people(number, REGION))
        tokens, report = _sent(stage.services)
        actor = Actor("bench", "bench", frozenset(Permission))
        found: dict[str, float] = {"receipts.octets": len(report)}
        taken = take_in(stage.services, actor, _mails(report, tokens, every))
        began, used = time.monotonic(), _cpu_s()
        for n, _ in enumerate(taken, 1):
            if n == warm:
                found["receipts.peak_mb_at_first"] = _peak_mb()
        found["receipts.per_cpu_s"] = every / (_cpu_s() - used)
        found["receipts.per_s"] = every / (time.monotonic() - began)
        found["receipts.peak_mb"] = _peak_mb()
    return found


def _sent(services: Services) -> tuple[list[bytes], bytes]:
    """The tokens of the deliveries of a digest, and the report that postfix makes of one of them."""
    steps.publish(services, draft("bench", REGION))
    sender = BatchSender(services)
    while due := [owed.work for owed in services.due.owed()]:
        for work in due:
            steps.step(sender, work)
    mail = next(iter(read_outbox(services.settings.outbox))).raw.decode("utf-8").replace("\r\n", "\n")
    [digest] = services.updates.digests("bench")
    batches = range(1, services.digests.progress([digest])[digest].batches + 1)
    links = services.links
    tokens = [
        links.delivery(digest, k, sid).encode()
        for k in batches
        for sid in services.ledger.records(digest, [k])
    ]
    report = _REPORT.format(token="TOKEN", address="person@example.org", mail=mail)
    return tokens, report.replace("\n", "\r\n").encode()


def _mails(report: bytes, tokens: list[bytes], number: int) -> Iterator[tuple[bytes, tuple[str, ...]]]:
    """Reports about one delivery after the other, each made when it is asked for."""
    return ((report.replace(b"TOKEN", tokens[n % len(tokens)]), ()) for n in range(number))


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
