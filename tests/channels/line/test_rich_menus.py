"""Each resident has the menu of their state at the bottom of the chat."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from channels.line.app import create_app
from channels.line.menu_faces import BUTTONS, DEFAULT, FACES, SIZE, Face, State
from channels.line.rich_menus import Made, MenuRefused, RichMenus
from tests.channels.fake_core import APPLICATION, FakeCore, a_dispatch, fake_core
from tests.channels.line.adapter import some_settings
from tests.channels.line.questions import a_question
from tests.channels.line.until import until
from tests.channels.serving import serving_there
from tests.channels.simulators.line.simulator import HANAKO, TARO, TOKEN, Line, simulating
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
            assert len(listed) == len(FACES) == 9


async def test_the_menu_is_in_the_residents_language(tmp_path: Path) -> None:
    async with a_chat(tmp_path) as (line, core):
        core.contacts[HANAKO] = Contact(external_id=HANAKO, registered=True, language="en-GB")
        core.contacts[TARO] = Contact(external_id=TARO, language="ja-x-easy")
        await until(lambda: shown(line, HANAKO), "new")
        await line.do(HANAKO, "say", text="Hello")
        await until(
            lambda: words(line, HANAKO), ["Procedures", "My applications", "My registration"]
        )
        await line.do(TARO, "follow")
        await line.do(TARO, "say", text="こんにちは")
        await until(lambda: words(line, TARO), ["とうろく する", "てつづき", "もうしこみの ようす"])
        pull = await core.pulls.get()
        asked = a_question(12)
        asked.language = "zh"
        pull.give(a_dispatch(prompt=asked))
        await until(
            lambda: words(line, HANAKO), ["続きを答える", "手続き", "申請の状況", "登録の内容"]
        )
        closing = pb.Closing(application_id=APPLICATION, text="Thank you.", language="en")
        pull.give(a_dispatch(2, closing=closing))
        await until(
            lambda: words(line, HANAKO), ["Procedures", "My applications", "My registration"]
        )
        core.contacts[HANAKO].language = "ja"
        await line.do(HANAKO, "say", text="こんにちは")
        await until(lambda: words(line, HANAKO), ["手続き", "申請の状況", "登録の内容"])


async def test_menus_of_earlier_times_are_deleted_once_their_successors_are_shown(
    tmp_path: Path,
) -> None:
    async with simulating(tmp_path, clock=time.time) as line:
        # Deleted first, for LINE lists it first; it has no picture to look for.
        await an_old_menu(line, "todoke-registered-ja-ba9876543210", picture=None)
        before = {
            name: await an_old_menu(line, name)
            for name in ("todoke-new-0123456789ab", "todoke-waiting-0123456789ab",
                         "todoke-registered-en-0123456789ab", "todoke-tomorrow-ja-0123456789ab",
                         "of-somebody-else")
        }  # fmt: skip
        await line.api("POST", f"/user/{HANAKO}/richmenu/{before['todoke-waiting-0123456789ab']}")
        english = before["todoke-registered-en-0123456789ab"]
        await line.api("POST", f"/user/{TARO}/richmenu/{english}")
        await line.api("POST", f"/user/all/richmenu/{before['todoke-new-0123456789ab']}")
    ours = [id for name, id in before.items() if name.startswith("todoke")]
    for _ in range(2):
        async with a_chat(tmp_path) as (line, _core):
            await until(lambda line=line: left(line, ours), [])
            assert await kept(line) == sorted([*names(), "of-somebody-else"])
            assert (await menu(line, HANAKO))["name"] == Face(State.WAITING).definition()["name"]
            of_taro = Face(State.REGISTERED, "en").definition()["name"]
            assert (await menu(line, TARO))["name"] == of_taro


async def left(line: Line, ids: list[str]) -> list[str]:
    """Tell which menus there still are, without the list, of which LINE gives ten a second."""
    asked = [await line.api("GET", f"/richmenu/{id}/content") for id in ids]
    return [id for id, answer in zip(ids, asked, strict=True) if answer.status != 404]


async def menu(line: Line, person: str) -> Any:
    return (await line.ask("GET", f"/phone/{person}/menu")).body


async def words(line: Line, person: str) -> list[str]:
    """Tell what stands on the menu that a person sees."""
    return [one["action"]["label"] for one in (await menu(line, person)).get("areas", [])]


def names() -> list[str]:
    return [one.definition()["name"] for one in FACES]


async def kept(line: Line) -> list[str]:
    listed = (await line.api("GET", "/richmenu/list")).body["richmenus"]
    return sorted(one["name"] for one in listed)


async def an_old_menu(line: Line, name: str, picture: bytes | None = DEFAULT.picture()) -> str:
    """Make a menu at LINE, finished or not."""
    made = await line.api("POST", "/richmenu", {**DEFAULT.definition(), "name": name})
    id = str(made.body["richMenuId"])
    if picture is not None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "image/png"}
        address = f"{line.url}/v2/bot/richmenu/{id}/content"
        async with line.http.post(address, data=picture, headers=headers) as answer:
            assert answer.status == 200
    return id


@pytest.mark.parametrize("face", FACES, ids=str)
def test_the_pictures_are_as_line_takes_them(face: Face) -> None:
    made = face.picture()
    with Image.open(BytesIO(made)) as image:
        assert (image.format, image.size) == ("PNG", SIZE)
    assert len(made) <= 1024 * 1024
    assert SIZE[0] % len(BUTTONS[face.state]) == 0


class Refusing:
    """A LINE that has menus and shows none."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.made: list[Made] = []
        self.deleted: list[str] = []
        self.why = MenuRefused("429")
        self.defaults: asyncio.Queue[str] = asyncio.Queue()

    async def listed(self) -> list[Made]:
        return list(self.made)

    async def create(self, menu: dict[str, Any], picture: bytes) -> str:
        assert picture
        id = f"{menu['name']} {len(self.made)}"
        self.made.append(Made(id, str(menu["name"])))
        return id

    async def make_default(self, id: str) -> None:
        self.defaults.put_nowait(id)

    async def link(self, person: str, id: str) -> None:
        self.asked.append(f"{person} {id.split('-')[1]}")
        raise self.why

    async def unlink(self, person: str) -> None:
        self.asked.append(f"{person} none")
        raise self.why

    async def replace(self, others: dict[str, str]) -> str:
        self.asked += [f"{old} by {new}" for old, new in others.items()]
        return "request"

    async def is_replaced(self, request: str) -> bool:
        assert request == "request"
        if not self.deleted and len(self.asked) == 1:
            raise MenuRefused("failed")
        return True

    async def delete(self, id: str) -> None:
        self.deleted.append(id)


async def test_a_menu_that_could_not_be_shown_is_shown_at_the_next_occasion() -> None:
    line = Refusing()
    menus = RichMenus(line)
    menus.want("taro", State.WAITING, "ja")
    await menus.make()
    for _ in range(2):
        menus.want("taro", State.WAITING, "ja")
        menus.want("taro", State.WAITING, "ja")
        await menus.settle(5)
    assert line.asked == ["taro waiting"] * 2
    menus.meet("hanako", is_registered=False, language="ja")
    menus.meet("hanako", is_registered=True, language="ja")
    await menus.settle(5)
    assert line.asked[2:] == ["hanako registered"]


async def test_nothing_is_deleted_while_somebody_may_still_see_it() -> None:
    line = Refusing()
    old = Made("old", "todoke-waiting-0123456789ab")
    line.made.append(old)
    menus = RichMenus(line)
    await menus.make()
    with pytest.raises(MenuRefused):
        await menus.clear()
    assert line.deleted == []
    await menus.clear()
    assert line.deleted == ["old"]


async def test_where_another_adapter_made_the_same_menus_both_take_the_same() -> None:
    line = Refusing()
    twice = [DEFAULT.definition()["name"]] * 2
    line.made = [
        Made(id, name)
        for id, name in zip(("todoke-new-ja-b", "todoke-new-ja-a"), twice, strict=True)
    ]
    menus = RichMenus(line)
    await menus.make()
    with pytest.raises(MenuRefused):
        await menus.clear()
    assert line.asked == ["todoke-new-ja-b by "]


async def test_a_menu_that_is_gone_is_made_again() -> None:
    line = Refusing()
    line.why = MenuRefused("404", is_gone=True)
    menus = RichMenus(line)
    running = asyncio.create_task(menus.run())
    async with asyncio.timeout(20):
        assert (await line.defaults.get()).startswith("todoke-new-ja-")
        line.made.clear()
        menus.want("taro", State.WAITING, "en")
        await line.defaults.get()
    assert len(line.made) == len(FACES)
    running.cancel()
