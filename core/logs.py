"""The log of a process: one JSON object a line, with ids and without personal data.

Tracebacks come without the values of variables, which could be anybody's, and what looks like a My
Number is taken out of every text.
"""

import json
import logging
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

import structlog

from core.my_number import redact


def configure(level: str) -> None:
    """Write the log to standard error from `level` on."""
    without_values = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.ExceptionRenderer(without_values),
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _line(_logger: Any, _method: str, facts: MutableMapping[str, Any]) -> str:
    """Return the line. The time goes in last: its digits would make redacting ten times as slow."""
    told = redact(_encode(facts))
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    return f'{{"timestamp": "{now}", {told[1:]}'


_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
