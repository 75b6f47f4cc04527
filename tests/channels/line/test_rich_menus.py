"""Each resident has the menu of their state at the bottom of the chat."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels.line.app import create_app
from channels.line.rich_menus import BUTTONS, SIZE, MenuRefused, RichMenus, State, picture
from tests.channels.fake_core import APPLICATION, FakeCore, a_dispatch, fake_core
from tests.channels.line.adapter import some_settings
from tests.channels.line.test_asking import a_question
from tests.channels.line.until import until
from tests.channels.serving import serving_there
from tests.channels.simulators.line.simulator import HANAKO, TARO, Line, simulating
from todoke.v1 import applications_pb2 as pb
from todoke.v1.dispatches_pb2 import (
    NOTICE_KIND_CONTACT_UNLINKED,
    OUTCOME_RESULT_ACCEPTED,
    Notice,
)
from todoke.v1.procedures_pb2 import Review
from todoke.v1.residents_pb2 import Contact


@asynccontextmanager
async def a_chat(folder: Path) -> AsyncIterator[tuple[Line, FakeCore]]:
    async with fake_core() as core, simulating(folder, clock=time.time) as line:

        def make(url: str) -> Any:
            more = {"public_url": url, "rich_menus": True}
            return create_app(some_settings(folder, core.address, line.url, **more))

        async with serving_there(make) as url:
            await line.api("PUT", "/channel/webhook/endpoint", {"endpoint": f"{url}/line/webhook"})
            yield line, core


async def shown(line: Line, person: str) -> str:
    """Tell which menu a person sees."""
    name = str((await line.ask("GET", f"/phone/{person}/menu")).body.get("name", ""))
    return name.split("-")[1] if name else ""


async def test_the_menu_follows_the_state(tmp_path: Path) -> None:
    async with a_chat(tmp_path) as (line, core):
        core.contacts[HANAKO] = Contact(external_id=HANAKO, registered=True, language="ja")
        turn = pb.Turn(prompt=a_question(2))
        core.script["GetPrompt"] = lambda _: pb.GetPromptResponse(turn=turn)
        await until(lambda: shown(line, HANAKO), "new")
        await line.do(HANAKO, "menu/tap", area_index=1)
        await until(lambda: shown(line, HANAKO), "registered")
        await line.do(HANAKO, "say", text="こんにちは")
        core.script["AnswerInChat"] = lambda _: pb.AnswerInChatResponse(turn=turn)
        await line.do(HANAKO, "say", text="続きをお願いします")
        await until(lambda: shown(line, HANAKO), "waiting")
        closing = pb.Turn(closing=pb.Closing(application_id=APPLICATION, text="終わりです。"))
        core.script["GetPrompt"] = lambda _: pb.GetPromptResponse(turn=closing)
        await line.do(HANAKO, "menu/tap", area_index=0)
        await until(lambda: shown(line, HANAKO), "registered")
        assert await shown(line, TARO) == "new"


async def test_a_question_that_is_pushed_brings_its_menu(tmp_path: Path) -> None:
    async with a_chat(tmp_path) as (line, core):
        await until(lambda: shown(line, HANAKO), "new")
        pull = await core.pulls.get()
        pull.give(a_dispatch(prompt=a_question(12)))
        assert (await pull.outcomes.get()).result == OUTCOME_RESULT_ACCEPTED
        await until(lambda: shown(line, HANAKO), "waiting")
        pull.give(a_dispatch(2, notice=Notice(kind=NOTICE_KIND_CONTACT_UNLINKED, language="ja")))
        await until(lambda: shown(line, HANAKO), "new")
        pull.give(a_dispatch(3, review=Review(application_id=APPLICATION, title="調査の確認")))
        await until(lambda: shown(line, HANAKO), "waiting")
        question, _, review = await line.chat(HANAKO)
        assert len(question["message"]["quickReply"]["items"]) == 12
        assert f"1:submit:{APPLICATION}" in str(review["message"])


async def test_the_menus_are_made_once(tmp_path: Path) -> None:
    for _ in range(2):
        async with a_chat(tmp_path) as (line, _core):
            await until(lambda line=line: shown(line, HANAKO), "new")
            listed = (await line.api("GET", "/richmenu/list")).body["richmenus"]
            assert len(listed) == len(State)


@pytest.mark.parametrize("state", State)
def test_the_pictures_are_as_line_takes_them(state: State) -> None:
    made = picture(state)
    with Image.open(BytesIO(made)) as image:
        assert (image.format, image.size) == ("PNG", SIZE)
    assert len(made) <= 1024 * 1024
    assert SIZE[0] % len(BUTTONS[state]) == 0


class Refusing:
    """A LINE that has menus and shows none."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def names(self) -> dict[str, str]:
        return {}

    async def create(self, menu: dict[str, Any], picture: bytes) -> str:
        assert picture
        return str(menu["name"])

    async def make_default(self, id: str) -> None:
        assert "new" in id

    async def link(self, person: str, id: str) -> None:
        self.asked.append(f"{person} {id.split('-')[1]}")
        raise MenuRefused("429")

    async def unlink(self, person: str) -> None:
        self.asked.append(f"{person} none")
        raise MenuRefused("429")


async def test_a_menu_that_could_not_be_shown_is_shown_at_the_next_occasion() -> None:
    line = Refusing()
    menus = RichMenus(line)
    menus.want("taro", State.WAITING)
    await menus.run()
    for _ in range(2):
        menus.want("taro", State.WAITING)
        menus.want("taro", State.WAITING)
        await menus.settle(5)
    assert line.asked == ["taro waiting"] * 2
    menus.meet("hanako", is_registered=False)
    menus.meet("hanako", is_registered=True)
    await menus.settle(5)
    assert line.asked[2:] == ["hanako registered"]
