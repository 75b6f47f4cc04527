"""What a visitor is shown: `todoke demo`, from an empty folder to a bank file."""

import json
from pathlib import Path

import pytest

from tests import demo

SMALL = ("--households", "40", "--registered", "20", "--deadline", "240")


@pytest.mark.slow
async def test_a_small_city_goes_from_registration_to_the_bank_file(tmp_path: Path) -> None:
    playing = await demo.start(tmp_path / "demo", *SMALL, keep=False)
    said = await playing.end()

    assert playing.process.returncode == 0, said + playing.logs()
    assert "expectations hold" in said
    report = json.loads((tmp_path / "demo" / "report.json").read_text())
    assert all(check["holds"] for check in report["checks"])
    parts = ("core", "simulator", "auth_app", "line", "web", "board")
    assert report["restarts"] == dict.fromkeys(parts, 0)
    benefit, helmets = demo.files(tmp_path / "demo" / "transfer")
    assert benefit in said
    assert helmets in said
    left = {path.name for path in (tmp_path / "demo").iterdir()}
    assert left == {"logs", "transfer", "report.json", "progress.json", "processes.json"}


@pytest.mark.slow
async def test_nothing_is_left_running(tmp_path: Path) -> None:
    playing = await demo.start(tmp_path / "demo", *SMALL)
    await demo.until(playing, lambda now: "start" in now.get("done", []))
    pids = [part["pid"] for part in playing.processes().values()]
    playing.process.terminate()
    said = await playing.end()

    assert playing.process.returncode == 1
    assert "Stopped on the way" in said
    assert len(pids) == 6
    assert not any(demo.is_alive(pid) for pid in pids)


async def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    playing = await demo.start(tmp_path, *SMALL)
    said = await playing.end()

    assert playing.process.returncode == 2
    assert "is not empty" in said
    assert demo.files(tmp_path) == ["letter.txt"]


async def test_without_a_terminal_the_way_without_one_is_named(tmp_path: Path) -> None:
    playing = await demo.start(tmp_path / "demo", headless=False)
    said = await playing.end()

    assert playing.process.returncode == 2
    assert "--headless" in said


@pytest.mark.slow
async def test_a_run_that_takes_too_long_names_the_step(tmp_path: Path) -> None:
    playing = await demo.start(tmp_path / "demo", *SMALL, "--deadline", "3")
    said = await playing.end()

    assert playing.process.returncode == 1
    assert "The time was up at: " in said
    assert playing.processes() == {}


@pytest.mark.slow
async def test_the_smallest_city_has_newcomers_too(tmp_path: Path) -> None:
    tiny = ("--households", "20", "--registered", "8", "--deadline", "240")
    playing = await demo.start(tmp_path / "demo", *tiny)
    said = await playing.end()

    assert playing.process.returncode == 0, said + playing.logs()
