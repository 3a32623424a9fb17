"""Email addresses: which can be used, the one spelling of each, and whose it is."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from alerts.channels.contract import AddressForm
from alerts.errors import BadInput
from alerts.model import Channel

NAME = Channel("email")

#: Octets of an address between its brackets (RFC 5321 §4.5.3.1.3 less the brackets).
_OCTETS_MAX = 254


def parse(typed: str) -> str:
    """The one spelling of an address: its domain is in lower case and in its ASCII form (IDNA).

    The part before the @ keeps its case, for it may matter to the receiving server.
    """
    if len(typed) > _OCTETS_MAX:
        raise BadInput(f"“{typed[:80]}…” is too long for an email address.", "At most 254 characters fit.")
    try:
        # A mail header carries only ASCII unless every server on the way knows SMTPUTF8. `.test` is let
        # through: it can reach nobody (RFC 6761), and is what tests are written with.
        valid = validate_email(typed, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as fault:
        raise BadInput(f"“{typed[:80]}” is no email address that can be used.", str(fault)) from None
    written = valid.ascii_email
    if written is None or len(written) > _OCTETS_MAX:
        raise BadInput(f"“{typed[:80]}…” is too long for an email address.", "At most 254 characters fit.")
    return written


def identity(address: str) -> str:
    """Fold an address to what all of its spellings have in common.

    Delivery uses an address as it was written, for RFC 5321 leaves case to the receiving server; but none in
    use has two people who differ by it. Plus signs and dots stay: what they mean is the server's alone.
    """
    if address.isascii():  # then nothing is left to normalise, and this is asked once a message
        return address.lower()
    return unicodedata.normalize("NFKC", address).casefold()


FORM = AddressForm(
    shape="an email address",
    claims=lambda typed: "@" in typed,
    parse=parse,
    identity=identity,
    masked=str,
    columns=("email", "mail", "emailaddress"),
    domain=lambda address: address.rpartition("@")[2].lower(),
)
