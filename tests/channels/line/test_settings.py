"""Wrong settings are named, each with its remedy, before anything starts."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from channels.line.settings import LineSettings
from channels.settings import SettingsWrong, load
from tests.channels.fake_core import a_dispatch, fake_core
from tests.channels.line.adapter import fake_line, some_settings, with_app


def write(folder: Path, **more: str) -> Path:
    some_settings(folder, "127.0.0.1:1", "http://127.0.0.1:1")
    given = {
        "core_token_file": str(folder / "token"),
        "channel_secret_file": str(folder / "secret"),
        "access_token_file": str(folder / "access"),
        "public_url": "https://line.todoke.example/",
        **more,
    }
    file = folder / "line.toml"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in given.items()))
    return file


def test_a_file_is_read(tmp_path: Path) -> None:
    settings = load(LineSettings, write(tmp_path))
    assert settings.public_url == "https://line.todoke.example"
    assert settings.api_url == "https://api.line.me"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    file = tmp_path / "empty.toml"
    file.touch()
    with pytest.raises(SettingsWrong) as wrong:
        load(LineSettings, file)
    for name in ("CORE_TOKEN_FILE", "CHANNEL_SECRET_FILE", "ACCESS_TOKEN_FILE", "PUBLIC_URL"):
        assert f"TODOKE_LINE_{name} (or `{name.lower()}` in the file) is not set" in str(
            wrong.value
        )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("public_url", "http://line.todoke.example", "https://"),
        ("deadline", "3", "less than 2"),
        ("channel_secret_file", "/nowhere", "TODOKE_LINE_CHANNEL_SECRET_FILE"),
        ("chanel_secret_file", "/nowhere", "`chanel_secret_file` in the file is no setting"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load(LineSettings, write(tmp_path, **{name: value}))
    assert words in str(wrong.value)


def test_the_pages_of_the_app_need_a_secret_by_chance(tmp_path: Path) -> None:
    some = with_app(tmp_path)
    file = write(tmp_path, page_secret_file=str(some["page_secret_file"]))
    assert not load(LineSettings, file).app_pages
    text = file.read_text()
    file.write_text(text + "app_pages = true\n")
    assert load(LineSettings, file).app_pages
    some["page_secret_file"].write_text("short")
    with pytest.raises(SettingsWrong, match="must hold at least 32 characters"):
        load(LineSettings, file)
    file = write(tmp_path, web_url="http://web.todoke.example")
    file.write_text(file.read_text() + "app_pages = true\n")
    with pytest.raises(SettingsWrong) as wrong:
        load(LineSettings, file)
    assert "TODOKE_LINE_APP_PAGES" in str(wrong.value)
    assert "need page_secret_file" in str(wrong.value)
    assert "TODOKE_LINE_WEB_URL" in str(wrong.value)


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path)
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(SettingsWrong, match="is empty: write the secret into it"):
        load(LineSettings, file)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "line.toml"
    file.write_text("public_url: yes")
    with pytest.raises(SettingsWrong, match="is no TOML file"):
        load(LineSettings, file)


async def test_the_command_runs_until_sigterm_and_finishes_what_it_sends(tmp_path: Path) -> None:
    async with fake_core() as core, fake_line() as line:
        line.hold = asyncio.Event()
        file = write(tmp_path, core_address=core.address, api_url=line.url)
        file.write_text(file.read_text() + "port = 0\n")
        process = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("todoke"),
            "line",
            "--config",
            file,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.timeout(60):
            ready = await process.stdout.readline()
            assert ready.startswith(b"LINE adapter ready at http://127.0.0.1:")
            pull = await core.pulls.get()
            pull.give(a_dispatch())
            while not line.sent:
                await asyncio.wait([asyncio.create_task(pull.closed.wait())], timeout=0.02)
            process.send_signal(signal.SIGTERM)
            line.hold.set()
            await pull.outcomes.get()
            assert await process.wait() in {0, -signal.SIGTERM}
        errors = (await process.stderr.read()).decode()
        assert "Traceback" not in errors
