"""Pictures of mails as readers see them: `make screenshots` writes docs/images. Needs Chromium."""

import sys
import tempfile
from pathlib import Path

from browser import browser, installed

HOUSE = Path(__file__).parents[1]
sys.path[:0] = [str(HOUSE / "tests"), str(HOUSE / "tests" / "rendering")]

from clocked import clocked  # noqa: E402
from rendering_samples import SENDER, html_of, parsed  # noqa: E402
from week import BEGIN, Week  # noqa: E402 - the week that readers' goldens are of

from alerts.channels import OutboxItem  # noqa: E402
from alerts.runtime import attach  # noqa: E402
from alerts.settings import Settings  # noqa: E402

IMAGES = HOUSE / "docs" / "images"
#: What is shown of the week, by the name of its picture.
MAILS = {"update": "turkiye-23-mon-0505", "digest": "analyst-24-tue-0800"}
#: CSS pixels: a phone, and the pane of a mail program. What is lower is left out.
WIDTHS, HEIGHT_MAX = (375, 700), 900


def week() -> dict[str, OutboxItem]:
    """What the readers of the week get, by its name."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), mail_from=SENDER, timezone="Europe/London")
        with attach(settings):
            services = clocked(settings, BEGIN)
            found = {got.name: got.item for got in Week(services).run()}
            services.close()
    return found


def main() -> int:
    program = installed()
    if program is None:
        print("No pictures are made: there is no Chromium here.")
        return 1
    IMAGES.mkdir(exist_ok=True)
    messages = week()
    with browser(program) as page:
        for name, message in MAILS.items():
            html = html_of(parsed(messages[message].raw))
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    page.show(html, width, HEIGHT_MAX, dark=scheme == "dark")
                    shot = page.picture(width, min(page.height(), HEIGHT_MAX))
                    (IMAGES / f"{name}-{width}-{scheme}.png").write_bytes(shot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
