"""SIGKILL at any moment: what LINE accepted is still there, and what it owed is still delivered."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.channels.simulators.line.simulator import (
    HANAKO,
    SECRET,
    TARO,
    TOKEN,
    Line,
    receiving,
    text,
)
from tests.channels.simulators.line.web_app import a_web_app, opened

ROOT = Path(__file__).parents[4]
COMMAND = "from channels.simulators.line.cli import line; line()"
KEY = "123e4567-e89b-12d3-a456-42661417{:04d}"


@asynccontextmanager
async def a_process(folder: Path, webhook_url: str) -> AsyncIterator[Line]:
    """Run the command in a process of its own, and kill it in the end."""
    (folder / "secret").write_text(SECRET)
    (folder / "token").write_text(TOKEN)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COMMAND, "--port", "0", "--state", folder / "line.db"),
        *("--channel-secret-file", folder / "secret"),
        *("--channel-access-token-file", folder / "token", "--webhook-url", webhook_url),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        ready = await asyncio.wait_for(process.stdout.readline(), 30)
        async with aiohttp.ClientSession() as http:
            yield Line(ready.decode().split()[4], http)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()


async def test_a_killed_simulator_keeps_what_it_accepted(tmp_path) -> None:
    accepted: list[str] = []

    async def push(line: Line, number: int) -> None:
        answer = await line.push(HANAKO, text(str(number)), key=KEY.format(number))
        if answer.status == 200:
            accepted.append(str(number))

    async with a_process(tmp_path, "http://127.0.0.1:1/webhook") as line:
        await line.add(HANAKO)
        pushing = [asyncio.create_task(push(line, number)) for number in range(200)]
        await asyncio.wait(pushing[:40], return_when=asyncio.FIRST_COMPLETED)
    await asyncio.gather(*pushing, return_exceptions=True)

    async with a_process(tmp_path, "http://127.0.0.1:1/webhook") as line:
        kept = [entry["message"]["text"] for entry in await line.chat(HANAKO)]
        assert accepted
        assert set(accepted) <= set(kept)
        assert len(kept) == len(set(kept))
        again = [await line.push(HANAKO, text(words), key=KEY.format(int(words))) for words in kept]
        assert {answer.status for answer in again} == {409}


async def test_a_killed_simulator_still_delivers_its_events_and_takes_the_reply(tmp_path) -> None:
    async with a_process(tmp_path, "http://127.0.0.1:1/webhook") as line:
        await line.add(HANAKO)
        said = await line.do(HANAKO, "say", text="こんにちは")

    async with receiving() as receiver, a_process(tmp_path, receiver.url) as line:
        event = await receiver.next()
        again = await line.ask(
            "POST", f"/phone/{HANAKO}/say", json={"text": "こんにちは", "action_id": "deed-1"}
        )
        answer = await line.reply(event["replyToken"], text("ようこそ"))

        assert event["webhookEventId"] == said.body["event_id"]
        assert again.body == said.body
        assert answer.status == 200
        assert len(await line.chat(HANAKO)) == 2


async def test_a_phone_is_still_signed_in_where_the_simulator_was_killed(tmp_path) -> None:
    async with a_web_app() as app:
        address = f"/phone/{HANAKO}/browse?url={app.url}/cookies"
        async with a_process(tmp_path, "http://127.0.0.1:1/webhook") as line:
            nothing, _ = await opened(line, address)

        async with a_process(tmp_path, "http://127.0.0.1:1/webhook") as line:
            sent, _ = await opened(line, address)
            other, _ = await opened(line, address.replace(HANAKO, TARO))

    assert nothing == other == ""
    assert set(sent.split("; ")) == {"__Host-a=1", "__Secure-d=4", "plain=eyJ4Ijoi/w=="}
