"""Which email addresses can be used, and the one spelling of each."""

from email_validator import EmailNotValidError, validate_email

from alerts.errors import BadInput

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
