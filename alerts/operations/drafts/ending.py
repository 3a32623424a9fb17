"""The end of a draft that nobody decided on, and the notice before it."""

from alerts.errors import NotFound
from alerts.model import Work
from alerts.services import Services


def end_draft(services: Services, work: Work) -> list[Work]:
    """Notify operators that a draft ends soon; take it away once it does.

    Twice: it is taken away once, and a notice is written at least once.
    """
    try:
        draft = services.drafts.get(work.key)
    except NotFound:
        services.due.done(work)
        return []
    if services.server.now_ms() < draft.until_ms:
        services.notices.notify(
            "a draft ends soon",
            draft=draft.id,
            source=draft.source,
            headline=draft.headline,
            go_on=f"alerts drafts show {draft.id}",
        )
        services.due.postpone(work, draft.until_ms)
    elif services.drafts.end(draft):
        services.notices.notify(
            "a draft has ended, and nobody published it",
            draft=draft.id,
            source=draft.source,
            headline=draft.headline,
        )
    return []
