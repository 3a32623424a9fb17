"""The way of every request of the API: who → pace → body → again? → work → answer. Each step stands once.

What may be done is not decided here but by the use case; a route names it, and hands over who acts.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from alerts.doors.web.answers import POLICY, headed
from alerts.doors.web.api import callers, documents, problems, replays
from alerts.doors.web.api.watching import Watcher
from alerts.errors import AlertsError
from alerts.operations import Actor, TooSoon
from alerts.operations.api_keys import Admission
from alerts.services import Services

_Work = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose body is read within bounds, and strictly where it is JSON."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await documents.whole(self)
        return self._body

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = documents.parse(await self.body())
        return self._json


async def _answered(
    services: Services,
    asked: StrictRequest,
    admission: Admission,
    work: _Work,
) -> Response:
    """Do the work, or give the answer from before."""
    attempt = None
    try:
        if replays.HEADER in asked.headers:
            body = await asked.body()
            before = await run_in_threadpool(replays.begin, services, asked, admission.digest, body)
            if isinstance(before, Response):
                return before
            attempt = before
        if _says_json(asked) and await asked.body():
            await asked.json()  # here and not in FastAPI, which would make 400 of whatever it raises
        response = await work(asked)
    except Exception as fault:  # noqa: BLE001 - see above
        response = problems.of(fault)
    if attempt is not None:
        await run_in_threadpool(replays.end, services, attempt, response)
    return response


def _says_json(asked: Request) -> bool:
    kind = asked.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


class Guarded(APIRoute):
    """A route that answers nobody without a key, and whatever goes wrong as a problem."""

    #: How its work is done: what it is given, and whether it was given that before.
    answered = staticmethod(_answered)

    def get_route_handler(self) -> _Work:
        work = super().get_route_handler()

        async def answer(request: Request) -> Response:
            asked = StrictRequest(request.scope, request.receive)
            services: Services = request.app.state.services
            try:
                admission = await run_in_threadpool(callers.admitted, services, asked)
            except Exception as fault:  # noqa: BLE001 - whatever it is, a program is told in its terms
                return problems.of(fault)
            asked.state.admission = admission
            try:
                response = await self.answered(services, asked, admission, work)
            except Exception as fault:  # noqa: BLE001 - see above
                response = problems.of(fault)
            rate = services.settings.api_rate
            for name, value in (headed(POLICY) | callers.pace(rate, admission.left)).items():
                response.headers.setdefault(name, value)
            return response

        return answer


class Streamed(Guarded):
    """A route that reads its body by itself, as it comes: whatever it does is safe to be asked for twice."""

    @staticmethod
    async def answered(
        _services: Services, asked: StrictRequest, _admission: Admission, work: _Work
    ) -> Response:
        """Do the work, however often it was asked for: no body is kept to compare."""
        return await work(asked)


class Caller:
    """Who acts, and what they act on: handed to every route."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self.services: Services = request.app.state.services
        self.watcher: Watcher = request.app.state.watcher
        admission: Admission = request.state.admission
        self.actor: Actor = admission.actor
        #: Whose key it is, and from where it is shown: what decides whether it is good.
        self.shown = (admission.digest, request.client.host if request.client else "")

    def still_admitted(self) -> bool:
        """Whether their key is good now: an answer that lasts must end with it."""
        try:
            callers.admitted(self.services, self._request)
        except TooSoon:
            return True
        except AlertsError:
            return False
        return True


Called = Annotated[Caller, Depends(Caller)]
