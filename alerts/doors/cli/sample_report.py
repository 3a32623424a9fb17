"""The report by which a mail of `alerts demo` comes back: RFC 3464, as a mail server writes it."""

from string import Template

WORDS = "550 5.1.1 No such mailbox here"

_REPORT = Template(
    """\
Return-Path: <>
From: MAILER-DAEMON@mx.$domain (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"

--=_report
Content-Type: text/plain

This is the mail system at mx.$domain.

--=_report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.$domain

Final-Recipient: rfc822; $address
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; $words

--=_report
Content-Type: text/rfc822-headers

$fields
--=_report--
"""
)


def sample_report(address: str, mail: bytes) -> bytes:
    """The report that a mail could not be delivered, for there is nobody of that name."""
    fields = mail.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode("ascii")
    domain = address.rpartition("@")[2]
    return _REPORT.substitute(address=address, domain=domain, words=WORDS, fields=fields).encode("ascii")
