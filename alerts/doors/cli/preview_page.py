"""`alerts preview --open`: messages drawn as their readers see them, on one page in the browser."""

import os
import sys
import webbrowser
from collections.abc import Sequence

from alerts import private
from alerts.doors.cli.output import Output
from alerts.errors import BadInput
from alerts.rendering import GalleryItem, gallery
from alerts.settings import Settings


def show_page(out: Output, settings: Settings, items: Sequence[GalleryItem]) -> None:
    """Write the page, which only its owner may read, open it where there is a screen, and say where it is."""
    page = settings.home.absolute() / "preview.html"
    try:
        private.make_folder(page.parent)
        private.write_text(page, gallery(items, settings.templates_dir))
    except OSError as fault:
        raise BadInput(f"{page} cannot be written: {fault.strerror}.", "Check ALERTS_HOME.") from None
    shown = _has_screen() and webbrowser.open(page.as_uri())
    out.note(f"{'Opened' if shown else 'Look at'} {page}")


def _has_screen() -> bool:
    """Whether a browser has a window to open. Without one, `webbrowser` would take the terminal over."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
