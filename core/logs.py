"""The log of a process: one JSON object a line, with ids and without personal data.

Tracebacks come without the values of variables, which could be anybody's, and what looks like a My
Number is taken out of every text.
"""

import atexit
import json
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog

from core.my_number import redact

PAUSE_SECONDS = 0.1


def configure(level: str) -> None:
    """Write the log to standard error from `level` on; what is no trouble up to 0.1 s late."""
    lines = _Lines(sys.stderr)
    atexit.register(lines.write)
    without_values = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.ExceptionRenderer(without_values),
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=True,
    )


def _line(_logger: Any, _method: str, facts: MutableMapping[str, Any]) -> str:
    """Return the line. The time goes in last: its digits would make redacting ten times as slow."""
    told = redact(_encode(facts))
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    return f'{{"timestamp": "{now}", {told[1:]}'


_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


class _Lines:
    """Gathers lines and writes them together, since each write makes its caller wait."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._gathered: deque[str] = deque()
        self._some = threading.Event()
        self._one_at_a_time = threading.Lock()
        threading.Thread(target=self._write_on, name="log", daemon=True).start()

    def gather(self, line: str) -> None:
        self._gathered.append(line)
        if not self._some.is_set():
            self._some.set()

    debug = info = gather

    def write(self) -> None:
        """Write what has gathered."""
        with self._one_at_a_time:
            lines = [self._gathered.popleft() for _ in range(len(self._gathered))]
            self._file.write("".join(f"{line}\n" for line in lines))
            self._file.flush()

    def at_once(self, line: str) -> None:
        self._gathered.append(line)
        self.write()

    warning = error = critical = at_once

    def _write_on(self) -> None:
        while self._some.wait():
            time.sleep(PAUSE_SECONDS)
            self._some.clear()
            self.write()
