"""LINE's bad days, by switch: what is accepted stays accepted, whatever the caller learns."""

import asyncio

import aiohttp
import pytest

from channels.simulators.faults import Fault, Faults
from channels.simulators.line.faults import NAMES
from tests.channels.simulators.line.simulator import HANAKO, simulating, text

KEY = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("name", "status", "on_retry"),
    [
        ("too_many_requests", 429, 200),
        ("too_many_to_one", 429, 200),
        ("monthly_limit", 429, 200),
        ("error_before_accept", 500, 200),
        ("error_after_accept", 500, 409),
    ],
)
async def test_a_retry_finds_out_what_was_accepted(tmp_path, name, status, on_retry) -> None:
    async with simulating(tmp_path) as line:
        await line.fault(name, count=1)

        assert (await line.push(HANAKO, text(), key=KEY)).status == status
        assert (await line.push(HANAKO, text(), key=KEY)).status == on_retry
        assert len(await line.chat(HANAKO)) == 1


async def test_what_is_refused_by_429_says_which_of_the_three_it_is(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        said = []
        for name in ("too_many_requests", "too_many_to_one", "monthly_limit"):
            await line.fault(name, count=1)
            said.append((await line.push(HANAKO, text(), key=KEY)).body["message"])

    assert ["rate limit" in said[0], "same user" in said[1], "monthly limit" in said[2]] == [
        True
    ] * 3
    assert len(set(said)) == 3


async def test_an_answer_can_get_lost_after_the_message_was_accepted(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.fault("lost_reply", count=1)

        with pytest.raises(aiohttp.ServerDisconnectedError):
            await line.push(HANAKO, text(), key=KEY)
        assert (await line.push(HANAKO, text(), key=KEY)).status == 409
        assert len(await line.chat(HANAKO)) == 1


async def test_an_answer_can_be_slower_than_the_caller_waits(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.fault("slow", count=1, seconds=1)

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await line.push(HANAKO, text(), key=KEY)
        assert len(await line.chat(HANAKO, "?wait=30")) == 1


async def test_an_unknown_fault_is_refused_with_those_there_are(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.ask("PUT", "/admin/faults", json={"faults": {"rain": {}}})

        assert answer.status == 400
        assert "lost_reply" in answer.body["message"]


def test_the_dice_are_seeded() -> None:
    def throws(seed: int) -> list[bool]:
        faults = Faults({"slow": Fault(probability=0.5)}, names=NAMES, seed=seed)
        return [faults.strike("slow") is not None for _ in range(50)]

    assert throws(1) == throws(1) != throws(2)


def test_a_fault_strikes_as_often_as_it_may() -> None:
    faults = Faults({"slow": Fault(count=2)}, names=NAMES, seed=0)

    assert [faults.strike("slow") is not None for _ in range(4)] == [True, True, False, False]


@pytest.mark.parametrize("words", ["rain=1", "slow=2", "slow=often"])
def test_a_fault_on_the_command_line_is_checked(words) -> None:
    with pytest.raises(ValueError, match=r"rain|2\.0|often"):
        Fault.read(words, NAMES)


def test_a_fault_on_the_command_line_has_a_probability_and_seconds() -> None:
    assert Fault.read("slow=0.1:3", NAMES) == ("slow", Fault(probability=0.1, seconds=3))
