"""Email addresses: what is meant as one, and whose it is."""

import unicodedata

from alerts.channels import email
from alerts.channels.contract import AddressForm
from alerts.model import Channel

NAME = Channel("email")


def identity(address: str) -> str:
    """Fold an address to what all of its spellings have in common.

    Delivery uses an address as it was written, for RFC 5321 leaves case to the receiving server; but none in
    use has two people who differ by it. Plus signs and dots stay: what they mean is the server's alone.
    """
    if address.isascii():  # then nothing is left to normalise, and this is asked once a message
        return address.lower()
    return unicodedata.normalize("NFKC", address).casefold()


def parse(typed: str) -> str:
    """The one spelling of an address; what judges them takes time to load. Raises BadInput."""
    return email.spelling.parse(typed)


FORM = AddressForm(
    shape="an email address",
    claims=lambda typed: "@" in typed,
    parse=parse,
    identity=identity,
    masked=str,
    columns=("email", "mail", "emailaddress"),
    domain=lambda address: address.rpartition("@")[2].lower(),
)
