"""What stands in the address that somebody sends updates to: made here, shown once, kept as a hash."""

import secrets

from alerts.settings import Settings

#: Small letters and digits, for mail systems fold addresses; none that is read as another (0 o, 1 l i).
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
#: 128 bits and more; `publish+` and these are 34 of the 64 octets of a local part.
_LENGTH = 26


def new_secret() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def publication_address(settings: Settings, secret: str) -> str:
    """Where somebody with this secret sends to; what is missing of it is for an operator to know."""
    return f"publish+{secret}@{settings.return_path or 'YOUR-MAIL-DOMAIN'}"
