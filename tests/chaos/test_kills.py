"""Killing any part of the demonstration at any point loses nothing and sends nothing twice."""

import os
import signal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests import demo
from tests.demo import Demo

# One after the other: each is a dozen processes that are started again and again.
pytestmark = pytest.mark.xdist_group("kills")

CITY = ("--households", "60", "--registered", "40", "--deadline", "360")

PARTS = ("core", "line", "simulator")
MOST_KILLS = 20

# At which step, how far into it, which part.
KILLS = (
    ("register", 0.3, "core"),
    ("register", 0.7, "line"),
    ("invite", 0.0, "line"),
    ("answer", 0.2, "simulator"),
    ("answer", 0.6, "core"),
    ("decide", 0.3, "simulator"),
    ("release", 0.0, "core"),
    ("apply", 0.0, "line"),
    ("decide_helmets", 0.0, "core"),
    ("survey", 0.2, "web"),
    ("by_app", 0.0, "web"),
    ("at_counter", 0.0, "core"),
    ("family", 0.0, "line"),
    ("leaving", 0.0, "core"),
    ("association", 0.0, "board"),
    ("circular", 0.0, "core"),
)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_nothing_is_lost_and_nothing_sent_twice(database: str, tmp_path: Path) -> None:
    playing = await demo.start(tmp_path / "demo", *CITY, "--database", database)
    for step, share, name in KILLS:
        await _kill(playing, step, share, name)
    said = await playing.end()

    assert playing.process.returncode == 0, said + playing.logs()
    restarts = _restarts(playing)
    assert all(restarts[name] for name in PARTS)
    assert sum(restarts.values()) >= 8


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
async def test_nor_by_many_kills_anywhere(database: str, tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    playing = await demo.start(tmp_path / "demo", *CITY, "--database", database)
    killed = 0
    if await demo.until(playing, partial(_is_there, step="register", share=0)):
        while killed < MOST_KILLS and await _goes_on(playing, random.randint(1, 4)):
            killed += _kill_now(playing, random.choice(PARTS))
    said = await playing.end()

    assert playing.process.returncode == 0, said + playing.logs()
    assert sum(_restarts(playing).values()) >= MOST_KILLS / 2


async def _goes_on(playing: Demo, times: int) -> bool:
    """Wait until the play has moved so often; return whether it has not ended meanwhile."""
    for _ in range(times):
        before = playing.progress()
        if not await demo.until(playing, lambda now, before=before: now != before):
            return False
    return True


async def _kill(playing: Demo, step: str, share: float, name: str) -> None:
    """Kill a part at a moment, or at once where the moment has passed."""
    if await demo.until(playing, partial(_is_there, step=step, share=share)):
        _kill_now(playing, name)


def _kill_now(playing: Demo, name: str) -> bool:
    """Kill a part; return whether there was something to kill."""
    part = playing.processes().get(name)
    if part is None or not demo.is_alive(part["pid"]):
        return False
    os.kill(part["pid"], signal.SIGKILL)
    return True


def _is_there(progress: dict[str, Any], *, step: str, share: float) -> bool:
    if step in progress.get("done", []):
        return True
    is_in_it = progress.get("step") == step
    return is_in_it and progress["count"] >= share * (progress["total"] or 0)


def _restarts(playing: Demo) -> dict[str, int]:
    """Return how often each part was started again, where every expectation holds."""
    report = demo.read(playing.folder / "report.json")
    assert all(check["holds"] for check in report["checks"])
    return report["restarts"]
