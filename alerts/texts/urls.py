"""Where a reader may be sent."""

from urllib.parse import urlsplit

#: Mail programs and Slack cut or refuse longer ones.
_URL_MAX = 2_000


def safe_url(url: str, schemes: tuple[str, ...] = ("http", "https", "mailto")) -> str:
    """The address if a reader may be sent there, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if (
        len(url) > _URL_MAX
        or parts.scheme.lower() not in schemes
        or any(c.isspace() or c in "<>\"'`|\\" for c in url)
    ):
        return ""
    return url if parts.netloc or parts.scheme.lower() == "mailto" else ""
