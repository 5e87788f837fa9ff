"""How log lines are written: for the eye on a terminal, as JSON elsewhere; always on stderr."""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor


def set_up(*, debug: bool = False) -> None:
    """Send structlog's and the libraries' lines to stderr; below INFO only when asked for."""
    terminal = sys.stderr.isatty()
    stamps = structlog.processors.TimeStamper(fmt="%H:%M:%S" if terminal else "iso", utc=not terminal)
    shared: list[Processor] = [structlog.stdlib.add_log_level, stamps]
    last: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]  # its own shows variables
        if terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    level = logging.DEBUG if debug else logging.INFO
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
