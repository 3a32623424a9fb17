"""Email as a value."""

from __future__ import annotations  # the types of what is loaded later

from alerts import rendering
from alerts.channels import email
from alerts.channels.contract import (
    AnswerLayout,
    ChannelType,
    Layout,
    Noun,
    OneTimeLayout,
    Pace,
    Personal,
    Rate,
    Sender,
)
from alerts.channels.email.address import FORM, NAME
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
    return email.SmtpSender(settings.smtp_url.get_secret_value(), email.return_path(settings), pace)


def _login(settings: Settings) -> None:
    """Not asked: a relay is called only when there is mail for it."""


def _rate(settings: Settings, _route: str) -> Rate | None:
    return Rate(settings.mail_rate, max(settings.mail_rate, 1)) if settings.mail_rate else None


def _layout(
    settings: Settings,
    templates: rendering.Templates,
    place: rendering.Place,
    public_page: rendering.PublicPage,
) -> Layout:
    return email.Emails(
        templates,
        settings.public_url,
        settings.mail_from,
        place,
        public_page,
        whose=rendering.organisation(settings),
        returns=settings.return_path,
        carried=email.carried_fields(settings),
    )


def _one_time(settings: Settings, templates: rendering.Templates) -> OneTimeLayout:
    return email.OneTimeMails(settings, templates)


def _answer(settings: Settings, templates: rendering.Templates) -> AnswerLayout:
    return email.MailAnswers(settings, templates)


def _blanks(settings: Settings, who: Personal) -> dict[str, str]:
    return email.blanks.blanks(settings, who)


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
    blanks=_blanks,
    secret=None,
    revises=False,
    asks_after_doubt=False,
    keeps_receipts=False,
    unsubscribes_by_link=True,
    one_time=_one_time,
    answer=_answer,
    outbox=lambda: email.shown.OUTBOX,
    views=lambda: email.shown.VIEWS,
    sample=lambda: email.shown.SAMPLE,
)
