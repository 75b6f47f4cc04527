"""Killing any part of the demonstration at any point loses nothing and sends nothing twice."""

import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import demo
from tests.demo import Demo

CITY = ("--households", "60", "--registered", "40", "--deadline", "150")

# At which step, how far into it, which part.
KILLS = (
    ("register", 0.3, "core"),
    ("register", 0.7, "line"),
    ("invite", 0.0, "line"),
    ("answer", 0.2, "simulator"),
    ("answer", 0.6, "core"),
    ("decide", 0.3, "simulator"),
    ("release", 0.0, "core"),
)


@pytest.mark.timeout(110)
async def test_nothing_is_lost_and_nothing_sent_twice(database: str, tmp_path: Path) -> None:
    playing = await demo.start(tmp_path / "demo", *CITY, "--database", database)
    killed = [name for step, share, name in KILLS if await _kill(playing, step, share, name)]
    said = await playing.end()

    assert playing.process.returncode == 0, said + playing.logs()
    report = json.loads((tmp_path / "demo" / "report.json").read_text())
    assert all(check["holds"] for check in report["checks"])
    assert len(killed) >= 6
    assert set(killed) == {"core", "line", "simulator"}
    assert sum(report["restarts"].values()) == len(killed)


async def _kill(playing: Demo, step: str, share: float, name: str) -> bool:
    """Kill a part at a moment; return whether there was still something to kill."""
    if not await demo.until(playing, partial(_is_there, step=step, share=share)):
        return False
    part = playing.processes()[name]
    if not demo.is_alive(part["pid"]):
        return False
    os.kill(part["pid"], signal.SIGKILL)
    return True


def _is_there(progress: dict[str, Any], *, step: str, share: float) -> bool:
    if step in progress.get("done", []):
        return True
    is_in_it = progress.get("step") == step
    return is_in_it and progress["count"] >= share * (progress["total"] or 0)
