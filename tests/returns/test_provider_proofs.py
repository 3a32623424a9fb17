"""Who has posted something is proved by keys that nobody else has; what was changed proves nothing."""

import datetime as dt
import json
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from provider_keys import (
    CERTIFICATE_PATH,
    MAILGUN_KEY,
    POSTMARK_SECRET,
    SNS,
    TOPIC,
    mailgun_posted,
    pem_of,
    sendgrid_signature,
    shown_key,
    sns_fields,
    sns_key,
    sns_signed,
    strangers_key,
)

from alerts.errors import BadInput
from alerts.returns.proofs import NotProved, mailgun, postmark, sendgrid, sns

DAY = dt.datetime(2026, 6, 10, 12, tzinfo=dt.UTC)
NOW_S, HOUR_S = int(DAY.timestamp()), 3600
EVENTS = b'[{"event": "delivered", "email": "kyiv@example.net"}]'


# SendGrid


def by_sendgrid(octets: bytes, signature: str, timestamp: str) -> None:
    sendgrid.require(sendgrid.verification_key(shown_key()), signature, timestamp, octets, NOW_S * 1000)


@pytest.mark.parametrize("age_s", [0, HOUR_S, 24 * HOUR_S, -200])
def test_what_sendgrid_signed_within_a_day_is_its_own(age_s: int) -> None:
    """It repeats for 24 hours what was not taken in, and nobody says that it signs anew for that."""
    at = str(NOW_S - age_s)
    by_sendgrid(EVENTS, sendgrid_signature(EVENTS, at), at)


@pytest.mark.parametrize("age_s", [26 * HOUR_S, -HOUR_S])
def test_what_was_signed_long_ago_or_in_a_time_to_come_is_somebodys_copy(age_s: int) -> None:
    at = str(NOW_S - age_s)
    with pytest.raises(NotProved, match="too long ago"):
        by_sendgrid(EVENTS, sendgrid_signature(EVENTS, at), at)


@pytest.mark.parametrize("at", ["", "now", "-1", "1e9", "9" * 30, " 1", "١", "\ud800"])
def test_what_is_no_time_proves_nothing(at: str) -> None:
    signature = sendgrid_signature(EVENTS, at.encode("utf-8", "replace").decode())
    with pytest.raises(NotProved):
        by_sendgrid(EVENTS, signature, at)


@pytest.mark.parametrize("signature", ["", "AAAA", "no base 64!", "é", "MEUCIQ=="])
def test_what_is_no_signature_proves_nothing(signature: str) -> None:
    with pytest.raises(NotProved):
        by_sendgrid(EVENTS, signature, str(NOW_S))


@given(st.data())
def test_octets_that_were_changed_anywhere_are_not_what_sendgrid_signed(data: st.DataObject) -> None:
    at = str(NOW_S)
    signature = sendgrid_signature(EVENTS, at)
    place = data.draw(st.integers(0, len(EVENTS) - 1))
    changed = bytearray(EVENTS)
    changed[place] ^= data.draw(st.integers(1, 255))
    for octets in (bytes(changed), EVENTS[:place], EVENTS + b" "):
        with pytest.raises(NotProved):
            by_sendgrid(octets, signature, at)


def test_what_is_no_key_of_sendgrids_is_said_by_the_name_of_its_setting() -> None:
    rsa_key = strangers_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for written in ("", "AAAA", "SG.an-api-key", rsa_key.decode()):
        with pytest.raises(BadInput, match="ALERTS_SENDGRID_VERIFICATION_KEY"):
            sendgrid.verification_key(written)


# Mailgun


EVENT = {"event": "delivered", "id": "a"}


def by_mailgun(octets: bytes) -> mailgun.MailgunProof:
    return mailgun.require(MAILGUN_KEY, octets, NOW_S * 1000)


def test_a_token_of_mailgun_is_bound_to_what_it_came_with() -> None:
    """It signs no octets; so the same event, however it is written, is one, and any other is another."""
    first = by_mailgun(mailgun_posted(EVENT, NOW_S))
    assert by_mailgun(mailgun_posted({"id": "a", "event": "delivered"}, NOW_S)) == first
    assert by_mailgun(mailgun_posted(EVENT | {"event": "complained"}, NOW_S)).event != first.event


@pytest.mark.parametrize("age_s", [10 * HOUR_S, -HOUR_S])
def test_a_token_of_long_ago_is_somebodys_copy(age_s: int) -> None:
    by_mailgun(mailgun_posted(EVENT, NOW_S - 8 * HOUR_S))
    with pytest.raises(NotProved, match="too long ago"):
        by_mailgun(mailgun_posted(EVENT, NOW_S - age_s))


@pytest.mark.parametrize(
    "octets",
    [
        mailgun_posted(EVENT, NOW_S, key="another-key-of-mailgun"),
        mailgun_posted(EVENT, NOW_S).replace(str(NOW_S).encode(), str(NOW_S + 1).encode()),
        mailgun_posted(EVENT, NOW_S, token="x" * 50),
        b"{}",
        b"[]",
        b'{"signature": null, "event-data": {}}',
        b'{"signature": {"timestamp": 1, "token": "", "signature": "\\ud800"}}',
    ],
)
def test_what_mailgun_did_not_sign_proves_nothing(octets: bytes) -> None:
    with pytest.raises(NotProved):
        by_mailgun(octets)


def test_a_name_that_is_there_twice_is_refused_before_anybody_chooses_one() -> None:
    """Two readers would differ over which event was signed for."""
    octets = mailgun_posted(EVENT, NOW_S)[:-1] + b', "event-data": {"event": "complained"}}'
    with pytest.raises(BadInput, match="twice"):
        by_mailgun(octets)


@pytest.mark.parametrize("depth", [50, 300, 600, 900, 950, 980, 2_000])
def test_an_event_is_told_from_others_or_refused_however_deep_it_is(depth: int) -> None:
    posted = mailgun_posted(0, NOW_S)[:-2] + b"[" * depth + b"]" * depth + b"}"
    with suppress(BadInput):
        assert by_mailgun(posted).token


# Postmark


def test_the_secret_counts_as_password_whatever_the_user_and_in_the_path() -> None:
    postmark.require(POSTMARK_SECRET, "", POSTMARK_SECRET)
    postmark.require(POSTMARK_SECRET, POSTMARK_SECRET, "")
    assert postmark.password("Basic YWxlcnRzOnA6dw==") == "p:w"


@pytest.mark.parametrize("given", ["", POSTMARK_SECRET[:-1], f"{POSTMARK_SECRET} ", "é", "\udcff"])
def test_any_other_secret_proves_nothing(given: str) -> None:
    with pytest.raises(NotProved):
        postmark.require(POSTMARK_SECRET, given, "")


@pytest.mark.parametrize("header", ["", "Basic", "Basic !", "Basic /w==", "Bearer YTpi", "Basic YQ=="])
def test_what_is_no_basic_authorization_has_no_password(header: str) -> None:
    assert postmark.password(header) == ""


# Amazon SNS


def by_sns(octets: bytes, pem: bytes | None = None) -> sns.SnsMessage:
    message = sns.read(octets, {TOPIC})
    sns.require(message, sns.certificate(pem or pem_of(sns_key(), DAY)), NOW_S * 1000)
    return message


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("kind", ["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_what_sns_has_signed_in_either_version_is_its_own(kind: str, version: str) -> None:
    message = by_sns(sns_signed(sns_fields("{}", kind, SignatureVersion=version)))
    assert (message.kind, message.topic, message.text) == (kind, TOPIC, "{}")


def test_a_subject_is_signed_where_there_is_one() -> None:
    posted = sns_signed(sns_fields("{}", Subject="Amazon SES notification"))
    by_sns(posted)
    with pytest.raises(NotProved):
        by_sns(posted.replace(b"Amazon SES notification", b"Amazon SES complaints"))


@pytest.mark.parametrize(
    "name", ["Message", "MessageId", "Timestamp", "SubscribeURL", "Token", "Signature", "SignatureVersion"]
)
def test_no_field_can_be_changed(name: str) -> None:
    posted = json.loads(sns_signed(sns_fields("{}", "SubscriptionConfirmation")))
    posted[name] = "2" if name == "SignatureVersion" else posted[name][:-4] + "AAAA"
    with pytest.raises(NotProved):
        by_sns(json.dumps(posted).encode())


def test_who_has_another_key_or_a_certificate_that_has_ended_is_not_sns() -> None:
    signed = sns_signed(sns_fields("{}"), strangers_key())
    with pytest.raises(NotProved, match="signature"):
        by_sns(signed)
    with pytest.raises(NotProved, match="not valid now"):
        by_sns(sns_signed(sns_fields("{}")), pem_of(sns_key(), DAY - dt.timedelta(days=400)))
    for pem in (b"", b"<html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(BadInput, match="no certificate"):
            sns.certificate(pem)


@pytest.mark.parametrize(
    "url",
    [
        f"https://sns.evil.amazonaws.com.attacker.org{CERTIFICATE_PATH}",
        f"https://sns.eu-west-1.amazonaws.com.attacker.org{CERTIFICATE_PATH}",
        f"https://sns.us-east-1.amazonaws.com{CERTIFICATE_PATH}",
        f"https://attacker.org/sns.eu-west-1.amazonaws.com{CERTIFICATE_PATH}",
        f"https://sns.eu-west-1.amazonaws.com@attacker.org{CERTIFICATE_PATH}",
        f"https://sns.eu-west-1.amazonaws.com:444{CERTIFICATE_PATH}",
        f"http://sns.eu-west-1.amazonaws.com{CERTIFICATE_PATH}",
        f"{SNS}/../attacker-bucket{CERTIFICATE_PATH}",
        f"{SNS}/?Action=Anything&x={CERTIFICATE_PATH}",
        f"{SNS}{CERTIFICATE_PATH}?x=1",
        f"{SNS}{CERTIFICATE_PATH}\n",
        f"{SNS.upper()}{CERTIFICATE_PATH}",
        "",
    ],
)
def test_a_certificate_is_asked_for_of_sns_in_the_region_of_the_topic_and_of_nobody_else(url: str) -> None:
    """Whoever may name the place of the certificate signs with a key of their own."""
    with pytest.raises(NotProved, match="certificate"):
        sns.read(sns_signed(sns_fields("{}", SigningCertURL=url), strangers_key()), {TOPIC})


def test_a_topic_that_nobody_expects_proves_nothing_however_well_it_is_signed() -> None:
    """Anybody may have SNS sign for a topic of their own, and subscribe our address to it."""
    other = TOPIC.replace("123456789012", "210987654321")
    with pytest.raises(NotProved, match="not expected"):
        sns.read(sns_signed(sns_fields("{}", topic=other)), {TOPIC})


def test_what_is_called_to_confirm_is_made_of_the_topic_and_never_of_the_url_that_came() -> None:
    posted = sns_fields("{}", "SubscriptionConfirmation", SubscribeURL="https://169.254.169.254/latest")
    url = by_sns(sns_signed(posted)).confirming_url
    assert url.startswith(
        f"{SNS}/?Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3A"
    )
    with pytest.raises(NotProved, match="token"):
        sns.read(sns_signed(posted | {"Token": "a" * 20 + "&Action=Publish"}), {TOPIC})


@pytest.mark.parametrize(
    ("topic", "host"),
    [
        ("arn:aws:sns:eu-west-1:123456789012:a", "sns.eu-west-1.amazonaws.com"),
        ("arn:aws-us-gov:sns:us-gov-west-1:123456789012:a", "sns.us-gov-west-1.amazonaws.com"),
        ("arn:aws-cn:sns:cn-north-1:123456789012:a", "sns.cn-north-1.amazonaws.com.cn"),
        ("arn:aws-eusc:sns:eusc-de-east-1:123456789012:a", "sns.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_every_partition_of_amazon_has_its_domain(topic: str, host: str) -> None:
    posted = sns_fields("{}", topic=topic, SigningCertURL=f"https://{host}{CERTIFICATE_PATH}")
    assert sns.read(sns_signed(posted), sns.topics(f" {topic} ,")).topic == topic


@pytest.mark.parametrize("written", ["", ",", "alerts", "arn:aws:sns:eu-west-1:1:a", f"{TOPIC} {TOPIC}"])
def test_what_is_no_topic_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="ARN"):
        sns.topics(written)


@pytest.mark.parametrize(
    "octets",
    [b"0", b"[]", b"{}", b'{"Type": "Notification"}', b'{"Type": 3}', b'{"notificationType": "Bounce"}'],
)
def test_what_is_no_message_of_sns_is_refused(octets: bytes) -> None:
    """Raw message delivery posts what SES says without any signature."""
    with pytest.raises(BadInput, match="no message of Amazon SNS"):
        sns.read(octets, {TOPIC})


def test_a_key_of_another_kind_is_refused() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(BadInput, match="no certificate"):
        sns.certificate(pem_of(key, DAY))  # type: ignore[arg-type]


def test_what_is_cut_short_at_any_length_is_refused() -> None:
    at = str(NOW_S)
    by_sns_s, by_mailgun_s = sns_signed(sns_fields("{}")), mailgun_posted(EVENT, NOW_S)
    signature = sendgrid_signature(EVENTS, at)
    for octets, require in (
        (by_sns_s, by_sns),
        (by_mailgun_s, by_mailgun),
        (EVENTS, lambda cut: by_sendgrid(cut, signature, at)),
    ):
        require(octets)
        for length in range(len(octets)):
            with pytest.raises((BadInput, NotProved)):
                require(octets[:length])
