"""The body of what a provider posts, bounded, and the answer: taken in, refused, or to come again."""

import math
from collections.abc import Awaitable, Callable, Collection, Mapping

from fastapi import HTTPException, Request, Response

from alerts.doors.web import answers, bounded
from alerts.errors import AlertsError, BadInput
from alerts.logs import log
from alerts.operations import TooSoon
from alerts.returns.proofs import NotProved
from alerts.services import Services

#: Octets of what SNS posts (256 KiB, in which every quote is escaped), Mailgun, and Postmark.
POST_MAX = 1024 * 1024
#: Octets of a thousand events of SendGrid. It posts 768 KiB at most.
BATCH_MAX = 2 * 1024 * 1024
_PATIENCE_S = 10.0
#: Seconds after which it is worth while to post again.
_AGAIN_S = 60

JSON = ("application/json",)


def posted(setting: str, most: int, kinds: Collection[str] = JSON) -> Callable[[Request], Awaitable[bytes]]:
    """What reads the body of a post: 404 as for any unknown page where the setting is not set."""

    async def read(request: Request) -> bytes:
        services: Services = request.app.state.services
        if getattr(services.settings, setting) is None:
            raise HTTPException(404)
        if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() not in kinds:
            raise HTTPException(415)
        try:
            return await bounded.read(request, most, _PATIENCE_S)
        except bounded.BodyTooLong:
            raise HTTPException(413) from None
        except TimeoutError:
            raise HTTPException(408) from None

    return read


def answered(
    take_in: Callable[[], None], unproved: int = 403, headers: Mapping[str, str] | None = None
) -> Response:
    """Take in, and say so; or say what is wrong with it, and whether it is to be posted again (5xx).

    `unproved`: the status for what does not prove where it is from; `headers` of that answer.
    """
    try:
        take_in()
    except NotProved as fault:
        log.warning("a post to /hooks proves nothing", why=fault.sentence, hint=fault.hint)
        refused = answers.plain("It does not prove where it is from.", unproved)
        refused.headers.update(headers or {})
        return refused
    except BadInput as fault:
        log.warning("a post to /hooks cannot be read", why=fault.sentence)
        return answers.plain(f"{fault.sentence} {fault.hint}", 400)
    except TooSoon as fault:
        return _again(math.ceil(fault.wait_s))
    except AlertsError as fault:
        log.warning("a post to /hooks is not taken in", why=fault.sentence, hint=fault.hint)
        return _again(_AGAIN_S)
    return answers.plain("Taken in.")


def _again(seconds: int) -> Response:
    late = answers.plain("It is not taken in now. Post it again.", 503)
    late.headers["Retry-After"] = str(seconds)
    return late
