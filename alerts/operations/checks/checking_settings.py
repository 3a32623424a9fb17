"""What is wrong with the settings themselves, before anything is asked of a server."""

from alerts.errors import BadInput
from alerts.operations.findings import problem
from alerts.operations.returned.hooks import check_hooks
from alerts.rendering import logo_url
from alerts.settings import Problem, Settings, unknown


def check_settings(settings: Settings) -> list[Problem]:
    """What is wrong with the settings themselves; channels and templates have their own checks."""
    problems = [*unknown(), *check_hooks(settings)]
    if settings.shared_database():
        problems.append(
            Problem(
                "settings.shared-database",
                "error",
                "The state and Celery's messages are in the same database.",
                "Give each one of its own: ALERTS_REDIS_URL=redis://…/1 leaves database 0 to the messages.",
            )
        )
    if settings.templates_dir is not None and not settings.templates_dir.is_dir():
        problems.append(
            Problem(
                "settings.templates-dir",
                "error",
                "ALERTS_TEMPLATES_DIR is not a folder.",
                "Point it at a folder laid out like the shipped ones (docs/templates.md), or leave it out.",
            )
        )
    if settings.logo is not None:
        try:
            logo_url(settings.logo)
        except BadInput as fault:
            problems.append(problem("settings.logo", fault))
    if settings.public != "off" and not settings.public_url.startswith("https://"):
        problems.append(
            Problem(
                "settings.public",
                "warning",
                "Everybody may read updates, and ALERTS_PUBLIC_URL is not https.",
                "Give the address of the TLS proxy by which everybody reaches `alerts web` (docs/public.md).",
            )
        )
    return problems
