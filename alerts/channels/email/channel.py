"""Email as a value."""

from alerts.channels.contract import ChannelType, Layout, Noun, Pace, Rate, Sender
from alerts.channels.email.address import FORM, NAME
from alerts.channels.email.blanks import blanks
from alerts.channels.email.layout import Emails
from alerts.channels.email.return_path import return_path
from alerts.channels.email.sender import SmtpSender
from alerts.channels.email.shown import OUTBOX, SAMPLE, plain_text, source
from alerts.rendering.composing import Place, PublicPage
from alerts.rendering.environment import Templates
from alerts.settings import DEFAULT_MAIL_FROM, DEFAULT_PUBLIC_URL, Problem, Settings


def _problems(settings: Settings) -> list[Problem]:
    """What strangers would get to see once mail is real: then a default is an error."""
    if settings.smtp_url is None:
        return []
    problems = [
        Problem(
            f"settings.{name}",
            "error",
            f"ALERTS_{name.upper().replace('-', '_')} still has its default, and mail is real.",
            "Set it to what recipients should see: their replies and links go there.",
        )
        for name, value, default in (
            ("public-url", settings.public_url, DEFAULT_PUBLIC_URL),
            ("mail-from", settings.mail_from, DEFAULT_MAIL_FROM),
        )
        if value == default
    ]
    if settings.secret_key is None:
        problems.append(
            Problem(
                "settings.secret-key",
                "error",
                "ALERTS_SECRET_KEY is not set, and mail is real.",
                "Set it (or ALERTS_SECRET_KEY_FILE), the same everywhere: links are signed with it.",
            )
        )
    if not settings.public_url.startswith("https://"):
        problems.append(
            Problem(
                "settings.public-url-https",
                "warning",
                "ALERTS_PUBLIC_URL is not https, and mail is real.",
                "Mail programs offer one-click unsubscribing only over HTTPS (RFC 8058).",
            )
        )
    return problems


def _sender(settings: Settings, pace: Pace) -> Sender | None:
    if settings.smtp_url is None:
        return None
    return SmtpSender(settings.smtp_url.get_secret_value(), return_path(settings), pace)


def _login(settings: Settings) -> None:
    """Not asked: a relay is called only when there is mail for it."""


def _rate(settings: Settings, _route: str) -> Rate | None:
    return Rate(settings.mail_rate, max(settings.mail_rate, 1)) if settings.mail_rate else None


def _layout(settings: Settings, templates: Templates, place: Place, public_page: PublicPage) -> Layout:
    return Emails(
        templates, settings.public_url, settings.mail_from, place, public_page, returns=settings.return_path
    )


EMAIL = ChannelType(
    name=NAME,
    title="email",
    message=Noun("email", "emails"),
    reader=Noun("person", "people"),
    mending="See that the mailbox is there and takes mail from us. Of somebody who has another address by "
    "now, add that one.",
    address=FORM,
    problems=_problems,
    sender=_sender,
    login=_login,
    rate=_rate,
    layout=_layout,
    blanks=blanks,
    secret=None,
    revises=False,
    asks_after_doubt=False,
    keeps_receipts=False,
    unsubscribes_by_link=True,
    outbox=OUTBOX,
    views={"email": source, "text": plain_text},
    sample=SAMPLE,
)
