"""Chromium without a window, spoken to over a pipe: for pictures of what readers see."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: As it is called where it is installed.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-sandbox",  # a root in a container has none
    "--hide-scrollbars",
    "--disable-gpu",
    "--disable-lcd-text",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # nothing is fetched, whatever a page asks for
)


def installed() -> str | None:
    """Where there is a browser; None where there is not."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One page, drawn anew for each document it is given."""

    def __init__(self, write: int, read: int) -> None:
        self._write, self._read = write, os.fdopen(read, "rb", 0)
        self._buffer = b""
        self._asked = 0
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._frame = self._call("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def show(self, html: str, width: int, height: int, *, dark: bool = False) -> None:
        """Lay a document out at a width in CSS pixels."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._call("Emulation.setDeviceMetricsOverride", **metrics)
        self._call("Page.setDocumentContent", frameId=self._frame, html=html)

    def height(self) -> int:
        """How high the document is, in CSS pixels."""
        return int(self.value("Math.ceil(document.body.getBoundingClientRect().bottom)"))

    def picture(self, width: int, height: int) -> bytes:
        """The top of the document as a PNG."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self._call("Page.captureScreenshot", format="png", clip=clip, optimizeForSpeed=False)
        return base64.b64decode(shot["data"])

    def value(self, script: str) -> Any:
        """What a script comes to, its promise kept. Raises RuntimeError where it fails."""
        found = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"]["description"])
        return found["result"].get("value")

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        self._asked += 1
        asked = {"id": self._asked, "method": method, "params": params}
        if self._session:
            asked["sessionId"] = self._session
        rest = json.dumps(asked).encode() + b"\0"
        while rest:
            rest = rest[os.write(self._write, rest) :]
        while True:
            answer = json.loads(self._next())
            if answer.get("id") == self._asked:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    def _next(self) -> bytes:
        while b"\0" not in self._buffer:
            read = self._read.read(1 << 16)
            if not read:
                raise RuntimeError("the browser has ended")
            self._buffer += read
        message, _, self._buffer = self._buffer.partition(b"\0")
        return message


@contextmanager
def browser(program: str) -> Iterator[Page]:
    """A page of a browser of its own, which is gone afterwards."""
    ours_read, theirs_write = os.pipe()
    theirs_read, ours_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        wiring = 'exec 3<&"$1" 4>&"$2"; shift 2; exec "$@"'  # it reads from 3 and writes to 4
        command = [program, *_OPTIONS, f"--user-data-dir={profile}"]
        running = subprocess.Popen(
            ["sh", "-c", wiring, "sh", str(theirs_read), str(theirs_write), *command],
            pass_fds=(theirs_read, theirs_write),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(Path(profile)), "TZ": "UTC"},
        )
        os.close(theirs_read)
        os.close(theirs_write)
        try:
            yield Page(ours_write, ours_read)
        finally:
            os.close(ours_write)
            running.terminate()
            running.wait(10)
