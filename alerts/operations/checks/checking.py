"""Every problem there is with settings, channels, server, templates: found before an update suffers it."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass

from alerts import channels
from alerts.errors import AlertsError
from alerts.model import RouteDown, SenderState
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.checks.checking_index import check_index
from alerts.operations.checks.checking_settings import check_settings
from alerts.operations.checks.checking_templates import check_templates
from alerts.operations.findings import problem
from alerts.operations.returned.collecting import check_mailbox
from alerts.services import Services
from alerts.settings import Problem, Settings


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong, and what was put right."""

    problems: tuple[Problem, ...]
    repaired: tuple[Problem, ...] = ()

    @property
    def errors(self) -> bool:
        """Whether something keeps messages from somebody, or would."""
        return any(found.level == "error" for found in self.problems)

    def to_dicts(self) -> list[dict[str, object]]:
        """A row for each; what was put right has the level `repaired` and needs no hint."""
        open_ = [asdict(found) for found in self.problems]
        return open_ + [asdict(found) | {"level": "repaired", "hint": ""} for found in self.repaired]


def check(
    settings: Settings,
    actor: Actor,
    connected: Callable[[Settings], AbstractContextManager[Services]],
    require_broker: Callable[[Settings], None],
    *,
    index: bool = False,
    repair: bool = False,
    show: Callable[[int, int], None] = lambda _done, _all: None,
) -> Findings:
    """List every problem; of each room as far as it can be asked when others do not answer.

    `connected` and `require_broker` come from the room above, which alone starts servers and knows Celery.
    `index` compares what is derived from the subscribers with each of them, and `repair` puts it right: that
    changes the installation itself. `show` is told how many of how many were compared. Raises Forbidden.
    """
    actor.require(Permission.ADMINISTER if repair else Permission.READ)
    problems = [
        *check_settings(settings),
        *_operators(settings),
        *_channels(settings),
        *_logins(settings),
        *check_mailbox(settings),
    ]
    repaired: list[Problem] = []
    with ExitStack() as held:
        try:
            services = held.enter_context(connected(settings))
        except AlertsError as fault:
            return Findings((*problems, problem("server.start", fault)))
        problems += check_server(services)
        problems += _broker(settings, require_broker)
        problems += _routes(services)
        problems += _senders(services)
        problems += check_templates(services)
        if index or repair:
            differing, repaired = check_index(services, repair, show)
            problems += differing
        if repaired:
            after = {found.id: found.message for found in repaired}
            record(services, actor, "index.repair", "index", after=after)
    return Findings(tuple(problems), tuple(repaired))


def _operators(settings: Settings) -> list[Problem]:
    """Those of ALERTS_OPERATORS whom nobody can tell anything: what stands there is no address."""
    found = []
    for typed in filter(None, map(str.strip, (settings.operators or "").split(","))):
        try:
            channels.destination(typed)
        except AlertsError as fault:
            found.append(problem("settings.operators", fault))
    return found


def _channels(settings: Settings) -> list[Problem]:
    """What is wrong with the settings of channels, those included that cannot be used; nobody is called."""
    return [
        *(found for kind in channels.CHANNELS.values() for found in kind.problems(settings)),
        *(problem(f"channels.{channel}", fault) for channel, fault in channels.faults(settings).items()),
    ]


def _logins(settings: Settings) -> list[Problem]:
    """Channels whose login is refused, as far as that can be asked without sending anything."""
    return [
        Problem(
            f"channels.{channel}.login",
            "error" if isinstance(said, RouteDown) else "warning",
            f"{said.why}.",
            f"Until it is mended nothing goes out by {channel}; then all of it goes."
            if isinstance(said, RouteDown)
            else "Try again in a minute.",
        )
        for channel, said in channels.refusals(settings).items()
    ]


def _routes(services: Services) -> list[Problem]:
    """Routes that failed last time, as `alerts status` shows them."""
    try:
        down = services.breakers.tripped()
    except AlertsError:  # the server's fault, which is found by itself
        return []
    return [
        Problem(
            f"routes.{route}",
            "error",
            f"Nothing goes out by {route}: {why}.",
            "It is tried again by itself; what waits is not lost: see `alerts work`.",
        )
        for route, why in down.items()
    ]


def _senders(services: Services) -> list[Problem]:
    """That nobody says whom updates by mail are from, although somebody may send them."""
    if services.settings.authserv_id is not None:
        return []
    try:
        found = services.mail_senders.all()
    except AlertsError:  # the server's fault, which is found by itself
        return []
    if not any(progress.state is SenderState.ACTIVE for _, progress in found):
        return []
    return [
        Problem(
            "senders.authserv_id",
            "error",
            "Every update by mail is refused: nobody says whom it is from.",
            "Set ALERTS_AUTHSERV_ID to the name with which your relay signs its Authentication-Results.",
        )
    ]


def check_server(services: Services) -> list[Problem]:
    """What makes the server unfit; not to answer is a problem like others."""
    try:
        return services.server.check()
    except AlertsError as fault:
        return [problem("server.unreachable", fault)]


def _broker(settings: Settings, require_broker: Callable[[Settings], None]) -> list[Problem]:
    """What keeps doorbells from being rung."""
    try:
        require_broker(settings)
    except AlertsError as fault:
        return [problem("broker", fault)]
    return []
