"""The example of docs/write-an-adapter.md: a channel that the core has never heard of."""

import ast
import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import grpc

from tests.cards import Card, Cards, a_holder
from tests.channels import example_adapter
from tests.channels.example_adapter import Button, NoSuchReceiver, RadioAdapter
from tests.makers import (
    a_program,
    a_request_id,
    a_roster,
    a_roster_row,
    import_roster,
    match_and_invite,
)
from tests.town import Town
from todoke.client import Core
from todoke.v1 import applications_pb2, dispatches_pb2

SOURCE = Path(example_adapter.__file__).read_text(encoding="utf-8")
RECEIVER = "receiver-0042"


class ConsoleRadio:
    """Receivers on a console: shows a key once, and loses as many answers as it is told to."""

    def __init__(self) -> None:
        self.shown: asyncio.Queue[tuple[str, list[Button]]] = asyncio.Queue()
        self.asked = 0
        self.answers_lost = 0
        self.is_known = True
        self._keys: set[str] = set()

    async def show(self, receiver: str, key: str, text: str, buttons: Sequence[Button]) -> None:
        self.asked += 1
        if not self.is_known:
            raise NoSuchReceiver(receiver)
        if key not in self._keys:
            self._keys.add(key)
            self.shown.put_nowait((text, list(buttons)))
        if self.answers_lost:
            self.answers_lost -= 1
            raise ConnectionResetError

    async def next(self) -> tuple[str, list[Button]]:
        return await asyncio.wait_for(self.shown.get(), 30)


@asynccontextmanager
async def an_adapter(town: Town, radio: ConsoleRadio) -> AsyncIterator[RadioAdapter]:
    token = (await town.channel("radio")).token
    async with grpc.aio.insecure_channel(town.address) as core:
        adapter = RadioAdapter(core, token, radio)
        delivering = asyncio.create_task(adapter.deliver())
        try:
            yield adapter
        finally:
            delivering.cancel()
            await asyncio.wait([delivering])


async def register(adapter: RadioAdapter, card: Card) -> str:
    await adapter.switched_on(RECEIVER, a_request_id())

    def sign(text: str) -> tuple[bytes, bytes]:
        signed = card.sign(text)
        return signed.certificate, signed.signature

    return await adapter.card_held(RECEIVER, a_request_id(), sign)


async def invite(clerk: Core, card: Card) -> None:
    program = await a_program(clerk)
    await import_roster(clerk, program.program_id, a_roster(a_roster_row(card.holder, 1)))
    await match_and_invite(clerk, program.program_id)


async def states(clerk: Core) -> list[int]:
    request = dispatches_pb2.ListDispatchesRequest()
    page = await clerk.ask(clerk.dispatches.ListDispatches, request)
    return [dispatch.state for dispatch in page.dispatches]


async def until_settled(clerk: Core, state: int) -> None:
    async with asyncio.timeout(30):
        found = await states(clerk)
        while state not in found:
            found = await states(clerk)


async def test_a_radio_receives_an_invitation_and_one_press_files(
    a_town: Town, cards: Cards
) -> None:
    radio, clerk, card = ConsoleRadio(), await a_town.staff(), cards.issue(a_holder())
    async with an_adapter(a_town, radio) as adapter:
        await register(adapter, card)
        registered, _ = await radio.next()
        await invite(clerk, card)
        invitation, buttons = await radio.next()
        press = a_request_id()
        await adapter.pressed(RECEIVER, press, buttons[0])
        await adapter.pressed(RECEIVER, press, buttons[0])
        closing, _ = await radio.next()

    request = applications_pb2.ListApplicationsRequest()
    page = await clerk.ask(clerk.applications.ListApplications, request)
    assert registered == "登録が終わりました。"
    assert "振込口座: 中国銀行 総社支店 普通 ****001" in invitation
    assert [label for *_, label in buttons] == ["はい", "別の口座"]
    assert "受け付けました" in closing
    assert radio.shown.empty()
    assert [one.state for one in page.applications] == [
        applications_pb2.APPLICATION_STATE_SUBMITTED
    ]


async def test_a_lost_answer_is_asked_for_again_and_shown_once(a_town: Town, cards: Cards) -> None:
    radio, clerk = ConsoleRadio(), await a_town.staff()
    radio.answers_lost = 1
    async with an_adapter(a_town, radio) as adapter:
        await register(adapter, cards.issue(a_holder()))
        await radio.next()
        await until_settled(clerk, dispatches_pb2.DISPATCH_STATE_QUEUED)
        a_town.clock.pass_by(minutes=1)
        await until_settled(clerk, dispatches_pb2.DISPATCH_STATE_SENT)

    assert radio.asked == 2
    assert radio.shown.empty()


async def test_what_the_radio_refuses_is_reported_as_failed(a_town: Town, cards: Cards) -> None:
    radio, clerk = ConsoleRadio(), await a_town.staff()
    radio.is_known = False
    async with an_adapter(a_town, radio) as adapter:
        await register(adapter, cards.issue(a_holder()))
        await until_settled(clerk, dispatches_pb2.DISPATCH_STATE_FAILED)

    assert radio.asked == 1


async def test_a_revoked_card_is_told_and_registers_nobody(a_town: Town, cards: Cards) -> None:
    radio, card = ConsoleRadio(), cards.issue(a_holder())
    cards.revoke(card)
    async with an_adapter(a_town, radio) as adapter:
        said = await register(adapter, card)

    assert said == "登録できませんでした。"


def test_the_example_has_fewer_than_150_lines() -> None:
    assert len(SOURCE.splitlines()) < 150


def test_the_example_knows_the_generated_contract_only() -> None:
    imported = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {
        name for name in imported if name.startswith(("core", "channels", "tui", "tests", "todoke"))
    }

    assert ours
    assert all(name.startswith("todoke.v1.") and "_pb2" in name for name in ours)


def test_the_core_does_not_know_the_channel() -> None:
    core = Path(__file__).parents[2] / "core"

    assert not [file for file in core.rglob("*.py") if "radio" in file.read_text("utf-8").lower()]
