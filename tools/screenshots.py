"""Pictures of mails, posts and pages as people see them: `make screenshots` writes docs/images.

Needs Chromium.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import people_screenshots
from browser import browser, installed

HOUSE = Path(__file__).parents[1]
sys.path[:0] = [str(HOUSE / "tests"), str(HOUSE / "tests" / "rendering")]

from clocked import clocked  # noqa: E402
from rendering_samples import SENDER, html_of, parsed  # noqa: E402
from week import BEGIN, Got, Week  # noqa: E402 - the week that readers' goldens are of

from alerts.channels import shown  # noqa: E402
from alerts.rendering import gallery  # noqa: E402
from alerts.runtime import attach  # noqa: E402
from alerts.settings import Settings  # noqa: E402

IMAGES = HOUSE / "docs" / "images"
#: What is shown of the week, by the name of its picture.
MAILS = {"update": "turkiye-23-mon-0505", "digest": "analyst-24-tue-0800"}
POSTS = {"slack": "channel-24-tue-0800"}
#: Of the gallery, what is drawn of Slack; of a mail, nothing is taken away.
POST_ALONE = """(() => {
  const post = document.querySelector("section.channel");
  if (post) document.body.replaceChildren(post);
})()"""
#: CSS pixels: a phone, and the pane of a mail program. What is lower is left out.
WIDTHS, HEIGHT_MAX = (375, 700), 900


def week() -> dict[str, Got]:
    """What the readers of the week get, by its name."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), mail_from=SENDER, timezone="Europe/London")
        with attach(settings):
            services = clocked(settings, BEGIN)
            found = {got.name: got for got in Week(services).run()}
            services.close()
    return found


def page_of(got: Got) -> str:
    """The page that somebody looks at: a mail, or a post as the gallery of the outbox draws it."""
    if got.item.channel == "email":
        return html_of(parsed(got.item.raw))
    return gallery([replace(shown(got.item), sent_at_ms=got.at_ms)])


def main() -> int:
    program = installed()
    if program is None:
        print("No pictures are made: there is no Chromium here.")
        return 1
    IMAGES.mkdir(exist_ok=True)
    messages = week()
    with browser(program) as page:
        for name, message in (MAILS | POSTS).items():
            html = page_of(messages[message])
            for width in WIDTHS:
                for scheme in ("light", "dark"):
                    page.show(html, width, HEIGHT_MAX, dark=scheme == "dark")
                    page.value(POST_ALONE)
                    shot = page.picture(width, min(page.height(), HEIGHT_MAX))
                    (IMAGES / f"{name}-{width}-{scheme}.png").write_bytes(shot)
    people_screenshots.take(IMAGES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
