"""What a worker and the web door log: one kind of line, on standard error, with nobody's address in it."""

import re
import subprocess
import sys

import pytest
from house import subscribe

from alerts.errors import Refused
from alerts.services import Services

STAMP = r"timestamp=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z "

#: Ours and a library's lines, and one of each with a traceback through a frame that knows an address.
SAYS = """
import logging, structlog
log, library = structlog.get_logger("alerts"), logging.getLogger("library")

def fail(logger):
    address = "kyiv" + "@example.org"
    try:
        raise KeyError("a row")
    except KeyError:
        logger.exception("sweep failed")

log.debug("unheard")
library.debug("unheard")
log.info("told", why="two words")
library.info("mingled with %s", "nobody")
fail(log)
fail(library)
"""
CELERY = "from alerts.runtime.worker import app\napp.log.setup(loglevel='INFO')\n"
UVICORN = "import uvicorn\nuvicorn.Config('alerts.doors.web:create', factory=True, log_level='info').load()\n"


@pytest.mark.parametrize("begin", [CELERY, UVICORN], ids=["worker", "web"])
def test_every_process_logs_plain_lines_on_standard_error_without_anybodys_address(begin: str) -> None:
    """Only commands were set up so: workers logged to standard output, and tracebacks printed variables."""
    done = subprocess.run([sys.executable, "-c", begin + SAYS], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (0, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 4, done.stderr
    assert re.fullmatch(STAMP + 'level=info event=told why="two words"', lines[0])
    assert re.fullmatch(STAMP + 'level=info event="mingled with nobody"', lines[1])
    for line in lines[2:]:
        assert re.match(STAMP + 'level=error event="sweep failed" exception="Traceback', line)
        assert "KeyError" in line
        assert "example.org" not in line


def test_whose_wishes_are_lost_is_told_by_number(services: Services) -> None:
    """What a step is refused for is logged: the address stood in it."""
    person = subscribe(services, "kyiv@example.org", "UA")
    services.server.client.delete(services.server.keys("audience", person.audience.id))
    with pytest.raises(Refused) as refused:
        services.subscribers.load([person.sid])
    assert f"subscriber {person.sid} " in refused.value.sentence
    assert "example.org" not in refused.value.sentence + refused.value.hint
