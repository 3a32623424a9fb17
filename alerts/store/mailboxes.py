"""Which addresses come to one mailbox, as far as spelling tells: what strangers have mailed is counted so."""

#: Of these, dots in a name mean nothing (support.google.com/mail/answer/7436150).
_GOOGLE = {"gmail.com", "googlemail.com"}


def mailbox(identity: str) -> str:
    """Where most servers put what is sent to `name+anything` (RFC 5233), and Google to `n.a.m.e`."""
    local, at, domain = identity.rpartition("@")
    name, _, _ = local.partition("+")
    if domain in _GOOGLE:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name or local}{at}{domain}"
