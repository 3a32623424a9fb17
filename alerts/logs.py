"""What a process logs, ours and its libraries' alike: plain lines on standard error, never a local variable.

timestamp=2026-11-25T12:00:00.000000Z level=warning event="sweep put off" why="The server does not answer."
"""

import logging
import sys

import structlog
from structlog.typing import Processor

#: An address may stand in any variable: of an exception there is the plain traceback, without them.
_CHAIN: tuple[Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
_LINE = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])


def to_stderr(level: int) -> None:
    """Log from this level on; what was set up before is replaced."""
    structlog.configure(
        processors=[*_CHAIN, _LINE],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_CHAIN,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _LINE],
        )
    )
    logging.basicConfig(level=level, handlers=[libraries], force=True)
