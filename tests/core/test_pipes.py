"""Processes beside a core that runs as the command runs it: on uvloop, with gRPC at work."""

import subprocess
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec

import pytest
import uvloop

from core.pipes import send

# Where gRPC's support of forks is on, one in ten crashes: that none of 200 does is no chance.
STARTED_WHILE_CALLS_GO_ON = """
import core
import asyncio
from contextlib import suppress
import grpc, uvloop

async def call(channel):
    while True:
        with suppress(grpc.aio.AioRpcError):
            await channel.unary_unary("/todoke/Nothing")(b"")

async def main():
    server = grpc.aio.server()
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}")
    calls = [asyncio.create_task(call(channel)) for _ in range(4)]
    ended = []
    for _ in range(200):
        ended.append(await (await asyncio.create_subprocess_exec("true")).wait())
    for one in calls:
        one.cancel()
    await channel.close()
    await server.stop(None)
    print(sum(code != 0 for code in ended))

uvloop.run(main())
"""


def test_no_process_crashes_that_is_started_while_calls_go_on() -> None:
    assert said_by(STARTED_WHILE_CALLS_GO_ON) == "0"


def test_writing_to_a_process_that_has_ended_says_so() -> None:
    async def write() -> None:
        process = await create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
        await send(process, b"it lives")
        process.kill()
        await process.wait()
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            await send(process, b"it does not")

    uvloop.run(write())


def test_the_command_loads_the_core_before_grpc() -> None:
    assert said_by("import sys, todoke.command; print('grpc' in sys.modules)") == "False"


def said_by(program: str) -> str:
    command = (sys.executable, "-c", program)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
