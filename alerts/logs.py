"""What a process logs, ours and its libraries' alike: plain lines on standard error, never a local variable.

timestamp=2026-11-25T12:00:00.000000Z level=warning event="sweep put off" why="The server does not answer."

What writes them takes longer to load than most look-ups take, and those have nothing to log: it is loaded for
the first line, or where a process that lives long sets it up at its start.
"""

import logging
import sys
from typing import Any

import lazy_loader

structlog: Any = lazy_loader.load("structlog")


def to_stderr(level: int) -> None:
    """Log from this level on; what was set up before is replaced."""
    # An address may stand in any variable: of an exception there is the plain traceback, without them.
    chain = (
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    )
    line = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
    structlog.configure(
        processors=[*chain, line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, line],
        )
    )
    logging.basicConfig(level=level, handlers=[libraries], force=True)


def to_stderr_if_any(level: int) -> None:
    """The same once there is a line to log."""
    logging.basicConfig(level=level, handlers=[_NothingYet(level)], force=True)


class _NothingYet(logging.Handler):
    """Stands where lines are written until there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Set up what writes lines, and have this one written by it."""
        to_stderr(self.level)
        logging.getLogger().handle(record)


class _Ours:
    """Our own logger."""

    def __getattr__(self, level: str) -> Any:
        """The function that logs at a level: `log.info("told", why="two words")`."""
        for nothing in (h for h in logging.getLogger().handlers if isinstance(h, _NothingYet)):
            to_stderr(nothing.level)
        return getattr(structlog.get_logger("alerts"), level)


log = _Ours()
