"""The log of a process: one JSON object a line, with ids and without personal data.

Tracebacks come without the values of variables, which could be anybody's, and what looks like a My
Number is taken out of every text.
"""

import json
import logging
import sys
from typing import Any

import structlog

from core.my_number import redact


def configure(level: str) -> None:
    """Write the log to standard error from `level` on."""
    without_values = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(without_values),
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _line(facts: dict[str, Any], **_: Any) -> str:
    return redact(json.dumps(facts, ensure_ascii=False, default=str))
