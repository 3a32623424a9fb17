"""Pictures of what readers get: `make screenshots` writes docs/images. Needs Chromium; the same each time."""

import json
import sys
from pathlib import Path

from browser import browser, installed

HOUSE = Path(__file__).parents[1]
sys.path[:0] = [str(HOUSE / "tests"), str(HOUSE / "tests" / "rendering")]

from week import DATA, messages, post  # noqa: E402 - the week that readers' goldens are of

from alerts.channels import CHANNELS  # noqa: E402
from alerts.model import Channel  # noqa: E402
from alerts.rendering import gallery  # noqa: E402

IMAGES = HOUSE / "docs" / "images"
#: What is shown of the week, by the name of its picture.
MAILS = {"update": "traveller-4", "digest": "analyst-2"}
POST = "team-2"
#: CSS pixels: a phone, and the pane of a mail program. What is lower is left out.
WIDTHS, HEIGHT_MAX = (375, 700), 900


def drawn_post() -> str:
    """A post as the gallery draws it."""
    message = next(message for name, message in messages() if name == POST)
    arguments = json.dumps(post(message)).encode()
    item = CHANNELS[Channel("slack")].outbox.shown(arguments, "T024BE7LD/C024BE91L", 0, message.digest)
    return gallery([item])


def main() -> int:
    program = installed()
    if program is None:
        print("No pictures are made: there is no Chromium here.")
        return 1
    IMAGES.mkdir(exist_ok=True)
    with browser(program) as page:
        for name, golden in MAILS.items():
            html = (DATA / f"{golden}.html").read_text("utf-8")
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    page.show(html, width, HEIGHT_MAX, dark=scheme == "dark")
                    shot = page.picture(width, min(page.height(), HEIGHT_MAX))
                    (IMAGES / f"{name}-{width}-{scheme}.png").write_bytes(shot)
        for scheme in ("light", "dark"):
            page.show(drawn_post(), 700, HEIGHT_MAX, dark=scheme == "dark")
            (IMAGES / f"slack-{scheme}.png").write_bytes(page.picture(700, min(page.height(), HEIGHT_MAX)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
