"""The command runs, says its health, and ends; what is wrong in its settings is named."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import pytest
from grpc import StatusCode

from channels.board.settings import BoardSettings
from channels.settings import SettingsWrong, load
from tests.channels.board.adapter import browsing, some_settings
from tests.channels.fake_core import fake_core


def write(folder: Path, **more: str) -> Path:
    some_settings(folder, "127.0.0.1:1")
    given = {
        "core_token_file": str(folder / "token"),
        "session_key_file": str(folder / "keys"),
        "public_url": "https://board.todoke.example/",
        **more,
    }
    file = folder / "board.toml"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in given.items()))
    return file


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("public_url", "https://board.todoke.example/path", "take its path out"),
        ("session_key_file", "/nowhere", "TODOKE_BOARD_SESSION_KEY_FILE"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load(BoardSettings, write(tmp_path, **{name: value}))
    assert words in str(wrong.value)


async def test_health_is_whether_the_core_answers(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.get("/healthz")
        assert person.status == 200
        person.core.refuse("GetCaller", StatusCode.UNAVAILABLE)
        await person.get("/healthz")
        assert person.status == 503


async def test_the_command_runs_until_sigterm_and_logs_no_code(tmp_path: Path) -> None:
    async with fake_core() as core:
        file = write(tmp_path, core_address=core.address, public_url="http://127.0.0.1:8720")
        file.write_text(file.read_text() + "port = 0\n")
        process = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("todoke"),
            "board",
            "--config",
            file,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            ready = (await process.stdout.readline()).decode()
            assert ready.startswith("Board adapter ready at http://127.0.0.1:")
            url = ready.split()[-1]
            assert (await http.get(f"{url}/join/SECRETCODE")).status_code == 200
            process.send_signal(signal.SIGTERM)
            assert await process.wait() in {0, -signal.SIGTERM}
        errors = (await process.stderr.read()).decode()
        assert "SECRETCODE" not in errors
        assert "Traceback" not in errors
