"""What servers really say, in the wordings of the common ones, and whom it is about."""

import pytest

from alerts.channels.email.replies import BOUNCED, Phase, classify
from alerts.model import Deferred, Failed, RouteDown

M, R, D, B = Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT

#: Who says it, when, the code, the words.
ABOUT_US = [
    ("postfix", R, 554, "5.7.1 <x@example.net>: Relay access denied"),
    ("postfix", R, 554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
    ("postfix", R, 553, "5.7.1 <a@example.org>: Sender address rejected: not owned by user desk"),
    ("postfix", R, 553, "5.7.1 <a@example.org>: Sender address rejected: not logged in"),
    ("postfix", R, 550, "5.1.8 <a@example.org>: Sender address rejected: Domain not found"),
    ("postfix", R, 550, "5.1.0 <a@example.org>: Sender address rejected: User unknown in virtual table"),
    ("postfix", R, 554, "5.7.1 <mx.example.org[192.0.2.1]>: Client host rejected: Access denied"),
    ("postfix", R, 550, "5.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]"),
    ("exim", R, 550, "relay not permitted"),
    ("exim", R, 550, "Sender verify failed"),
    ("exim", R, 550, "Administrative prohibition: authentication required"),
    (
        "cPanel",
        R,
        550,
        "Domain example.org has exceeded the max emails per hour (150/150) allowed. Discarded.",
    ),
    ("sendmail", R, 550, "5.7.1 <x@example.net>... Relaying denied. Proper authentication required."),
    ("qmail", R, 553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
    ("Exchange", R, 550, "5.7.1 Unable to relay"),
    ("Exchange", R, 550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain"),
    ("Exchange", M, 530, "5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM"),
    ("Exchange", B, 550, "5.7.60 SMTP; Client does not have permissions to send as this sender"),
    (
        "Microsoft 365",
        B,
        554,
        "5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed",
    ),
    (
        "Microsoft 365",
        B,
        554,
        "5.2.0 STOREDRV; The message can't be submitted because the sender's submission quota was exceeded.",
    ),
    ("Microsoft 365", R, 550, "5.1.90 Your message can't be sent because you've reached your daily limit"),
    ("Microsoft 365", R, 550, "5.7.64 TenantAttribution; Relay Access Denied [SMTP]"),
    (
        "Microsoft 365",
        R,
        550,
        "5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.",
    ),
    ("Microsoft 365", R, 550, "5.7.606 Access denied, banned sending IP [192.0.2.1]"),
    (
        "Microsoft 365",
        R,
        550,
        "5.7.750 Service unavailable. Client blocked from sending from unregistered domain",
    ),
    (
        "Microsoft 365",
        B,
        550,
        "5.7.515 Access denied, sending domain EXAMPLE.ORG does not pass authentication",
    ),
    (
        "Outlook",
        M,
        550,
        "5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your provider "
        "since part of their network is on our block list (S3150).",
    ),
    ("Gmail", B, 550, "5.4.5 Daily user sending limit exceeded. For more information, see the help - gsmtp"),
    ("Gmail", B, 550, "5.4.5 Daily SMTP relay limit exceeded for customer. - gsmtp"),
    (
        "Gmail",
        B,
        550,
        "5.7.26 Your email has been blocked because the sender is unauthenticated.\n"
        "5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.",
    ),
    ("Gmail", B, 550, "5.7.1 Our system has detected an unusual rate of mail from your IP address. - gsmtp"),
    (
        "Google relay",
        R,
        550,
        "5.7.1 Invalid credentials for relay [192.0.2.1]. The IP address is not allowed.",
    ),
    ("SES", B, 554, "Message rejected: Email address is not verified. Failed the check: a@example.org"),
    ("SES", B, 554, "Message rejected: Sending suspended for this account. See the account's limits."),
    ("SES", D, 554, "Access denied: User is not authorized to perform ses:SendRawEmail on resource"),
    ("SendGrid", B, 550, "The from address does not match a verified Sender Identity."),
    ("SendGrid", B, 550, "Maximum credits exceeded"),
    ("SendGrid", R, 550, "Unauthenticated senders not allowed"),
    ("Mailgun", R, 550, "Domain example.org is not allowed to send: your account is disabled"),
    ("Mailgun", B, 550, "5.7.1 The domain is unverified and requires DNS configuration."),
    ("Postmark", B, 550, "5.7.1 The sender signature is not verified"),
    ("Yahoo", R, 553, "5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, the ip is in a list"),
    ("Yahoo", B, 554, "5.7.9 Message not accepted for policy reasons. DMARC policy of the sender's domain"),
    ("OVH", R, 550, "5.7.1 Spam detected: your account has been blocked, change your password"),
    ("IONOS", R, 554, "Transaction failed: too many messages sent, sending limit reached"),
    ("Zoho", B, 550, "5.4.6 Unusual sending activity detected. Your account is blocked"),
    ("Zoho", M, 553, "Sender is not allowed to relay emails"),
    ("GMX", M, 550, "Requested action not taken: sender address is not allowed"),
    ("Brevo", M, 525, "5.7.1 Unauthorized IP address"),
    ("Office relay", R, 550, "5.7.3 STARTTLS is required to send mail"),
    ("konto", R, 550, "5.1.0 <a@example.org> sender rejected"),
]

NOBODY_THERE = [
    ("postfix", R, 550, "5.1.1 <x@example.net>: Recipient address rejected: User unknown in virtual table"),
    ("exim", R, 550, "Unrouteable address: unknown user"),
    ("Gmail", R, 550, "5.1.1 The email account that you tried to reach does not exist. - gsmtp"),
    ("Gmail", R, 550, "5.2.1 The email account that you tried to reach is disabled. - gsmtp"),
    ("Exchange", R, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient x@example.net not found"),
    ("Yahoo", R, 550, "5.1.1 This user doesn't have an account (x@example.net) [0]"),
    ("sendmail", R, 550, "5.1.1 <x@example.net>... User unknown"),
    ("qmail", R, 550, "sorry, no mailbox here by that name (#5.1.1)"),
]

NOT_THIS_ONE = [
    ("Microsoft 365", R, 550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
    (
        "Microsoft 365",
        R,
        550,
        "5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; the sender was not "
        "authenticated when sending to this group",
    ),
    (
        "Microsoft 365",
        R,
        550,
        "5.7.124 RESOLVER.RST.SenderNotInAllowedList; not allowed to send to this group",
    ),
    ("Microsoft 365", R, 550, "5.7.507 Access denied, rejected by recipient"),
    ("some mailbox", R, 550, "5.7.1 This sender has been blocked by the recipient"),
    ("some mailbox", R, 550, "5.7.1 Rejected by policy"),
    ("postfix", R, 554, "5.7.1 <x@example.net>: Recipient address rejected: Access denied"),
    ("postfix", B, 552, "5.3.4 Message size exceeds fixed limit"),
    ("Exchange", B, 552, "5.2.3 Message exceeds the maximum size your account accepts"),
    ("a filter", B, 554, "5.7.1 Message rejected as spam by content filtering"),
    ("a scanner", B, 554, "5.6.0 virus found"),
]

LATER = [
    ("Gmail", R, 452, "4.2.2 The recipient's inbox is out of storage space. - gsmtp"),
    ("Gmail", R, 552, "5.2.2 The recipient's inbox is out of storage space - gsmtp"),
    ("postfix", R, 450, "4.7.1 <x@example.net>: Recipient address rejected: Greylisted"),
    ("postfix", R, 454, "4.7.1 <x@example.net>: Relay access denied"),
    ("postfix", R, 451, "4.3.0 <x@example.net>: Temporary lookup failure"),
    ("Exchange", M, 452, "4.3.1 Insufficient system resources"),
    ("SES", B, 454, "Throttling failure: Maximum sending rate exceeded."),
    ("SES", B, 454, "Throttling failure: Daily message quota exceeded."),
    ("Gmail", B, 450, "4.2.1 The user you are trying to contact is receiving mail too quickly. - gsmtp"),
]

ROWS = [
    pytest.param(expected, *row[1:], id=f"{verdict}: {row[0]}: {row[3][:40]}")
    for verdict, expected, rows in (
        ("about us", RouteDown, ABOUT_US),
        ("nobody there", BOUNCED, NOBODY_THERE),
        ("not this one", Failed, NOT_THIS_ONE),
        ("later", Deferred, LATER),
    )
    for row in rows
]


@pytest.mark.parametrize(("expected", "phase", "code", "text"), ROWS)
def test_whom_a_wording_is_about(expected, phase, code, text):
    """What is about us ended everybody as failed, for good and without a word to operators."""
    outcome = classify(phase, code, text)
    if expected is BOUNCED:
        assert isinstance(outcome, Failed)
        assert outcome.suppress == BOUNCED
    else:
        assert isinstance(outcome, expected)
        assert not getattr(outcome, "suppress", "")
