"""Wrong settings are named with their remedy; the command runs, says its health, and ends."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import pytest
from grpc import StatusCode

from channels.settings import SettingsWrong, load
from channels.web.settings import WebSettings
from tests.channels.fake_core import fake_core
from tests.channels.web.adapter import browsing, some_settings


def write(folder: Path, **more: str) -> Path:
    some_settings(folder, "127.0.0.1:1")
    given = {
        "core_token_file": str(folder / "token"),
        "session_key_file": str(folder / "keys"),
        "public_url": "https://web.todoke.example/",
        **more,
    }
    file = folder / "web.toml"
    file.write_text("".join(f"{name} = {value!r}\n" for name, value in given.items()))
    return file


def test_a_file_is_read(tmp_path: Path) -> None:
    settings = load(WebSettings, write(tmp_path))
    assert settings.public_url == "https://web.todoke.example"
    assert settings.line_login_token_url == "https://api.line.me/oauth2/v2.1/token"
    assert settings.line_login_secret == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("public_url", "http://web.todoke.example", "https://"),
        ("public_url", "https://web.todoke.example/path", "take its path out"),
        ("line_login_channel_id", "2000000001", "its secret's file, or neither"),
        ("session_key_file", "/nowhere", "TODOKE_WEB_SESSION_KEY_FILE"),
        ("sesion_key_file", "/nowhere", "`sesion_key_file` in the file is no setting"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsWrong) as wrong:
        load(WebSettings, write(tmp_path, **{name: value}))
    assert words in str(wrong.value)


@pytest.mark.parametrize("keys", ["", "short", "あ" * 44, "A" * 43 + "=\nshort"])
def test_keys_that_are_none_are_refused_with_how_to_make_one(tmp_path: Path, keys: str) -> None:
    file = write(tmp_path)
    (tmp_path / "keys").write_text(keys)
    with pytest.raises(SettingsWrong, match="openssl rand -base64 32"):
        load(WebSettings, file)


async def test_health_is_whether_the_core_answers(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        answer = await browser.http.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"status": "up"})
        assert browser.core.tokens == {"Bearer the-adapter-token"}
        browser.core.refuse("GetCaller", StatusCode.UNAVAILABLE)
        answer = await browser.http.get("/healthz")
        assert answer.status_code == 503
        assert answer.json()["status"] == "down"


async def test_the_command_runs_until_sigterm_and_logs_nothing_personal(tmp_path: Path) -> None:
    async with fake_core() as core:
        file = write(tmp_path, core_address=core.address, public_url="http://127.0.0.1:8710")
        file.write_text(file.read_text() + "port = 0\n")
        process = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("todoke"),
            "web",
            "--config",
            file,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.timeout(60), httpx.AsyncClient() as http:
            ready = (await process.stdout.readline()).decode()
            assert ready.startswith("Web adapter ready at http://127.0.0.1:")
            url = ready.split()[-1]
            assert (await http.get(f"{url}/link?code=SECRETCODE")).status_code == 200
            core.refuse("GetVerification", StatusCode.UNAVAILABLE)
            assert (await http.get(f"{url}/card/{'c' * 43}/request")).status_code == 503
            process.send_signal(signal.SIGTERM)
            assert await process.wait() in {0, -signal.SIGTERM}
        errors = (await process.stderr.read()).decode()
        assert '"event": "card_refused"' in errors
        assert "SECRETCODE" not in errors
        assert "c" * 43 not in errors
        assert "Traceback" not in errors
