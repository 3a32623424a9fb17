"""The door for those who receive: the links in messages, what everybody may read, and a sign of health.

For programs there is `api`, for mail providers `hooks`. One cookie, of whoever has come in (`people`), and
scripts of our own where a page is livelier by them; looking changes nothing.
"""

import gc
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from alerts import logs
from alerts.doors.web import (
    answers,
    api,
    health,
    home,
    hooks,
    leaving,
    metrics,
    people,
    public,
    reading,
    scripts,
    unsubscribing,
)
from alerts.doors.web.drawn import Drawn
from alerts.errors import AlertsError
from alerts.operations import SnsClient
from alerts.operations.returned.sns import CALL_S
from alerts.operations.subscribing.subscription_preview import keep_at_hand
from alerts.outbound import Fetcher, Guard
from alerts.rendering import Pages, organisation
from alerts.runtime.whole import load_whole
from alerts.services import Services, connect
from alerts.settings import Settings, load

__all__ = ["application", "create"]


def create() -> FastAPI:
    """Build the application; it reads the settings when it starts. For uvicorn's `--factory`."""
    server = logging.getLogger("uvicorn")
    logs.to_stderr(server.getEffectiveLevel())  # uvicorn's `--log-level`
    server.handlers.clear()
    server.propagate = True
    return application()


def guarded(settings: Settings) -> Fetcher:
    """What calls Amazon SNS, and nothing that is not public but what ALERTS_OUTBOUND_ALLOW names."""
    return Fetcher(Guard(settings.outbound_networks), CALL_S, redirects=0)


def application(fetcher: Callable[[Settings], Fetcher] = guarded) -> FastAPI:
    """Every route there is, over services that are put together when it starts; `fetcher` calls SNS."""
    app = FastAPI(
        lifespan=_alive_with(fetcher), docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
    )
    app.include_router(home.router)
    app.include_router(unsubscribing.router)
    app.include_router(leaving.router)
    app.include_router(people.router)
    app.include_router(reading.router)
    app.include_router(public.router)
    app.include_router(scripts.router)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(hooks.router)
    answers.for_faults(app)
    app.add_exception_handler(HTTPException, _refused)
    app.state.programs = api.application()
    app.mount(api.PREFIX, app.state.programs)
    return app


def _alive_with(
    fetcher: Callable[[Settings], Fetcher],
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        load_whole()
        services = connect(load())
        app.state.services = services
        api.serve(app.state.programs, services)
        chosen = services.settings
        app.state.pages = Pages(chosen.templates_dir, chosen.mail_from, organisation(chosen))
        app.state.drawn = Drawn(public.KEPT_S)
        app.state.sns = SnsClient(fetcher(services.settings))
        threading.Thread(target=_read_ahead, args=(services,), daemon=True, name="reading ahead").start()
        try:
            yield
        finally:
            services.close()

    return alive


def _read_ahead(services: Services) -> None:
    with suppress(AlertsError):  # a server that is away is met again by whoever asks
        keep_at_hand(services)
        gc.freeze()  # it stays, and need not be looked through for garbage while somebody waits


def _refused(request: Request, fault: Exception) -> Response:
    """What no route takes is answered as who asks reads it: people a page, programs a problem."""
    if request.url.path.startswith(api.PREFIX):
        return api.refused(fault)
    return answers.refused(request, fault)
