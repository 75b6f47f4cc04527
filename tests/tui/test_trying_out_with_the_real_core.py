"""A draft is sent as a test, to oneself and to whom one may find, by keys with the real core."""

from core.callers import Role
from tests import town
from tests.adapter import an_adapter
from tests.cards import Cards
from tests.core.access.links import a_code, speaking
from tests.core.messaging.makers import a_topic, people
from tests.tui.composing import (
    add,
    composing,
    in_the_tree,
    saved,
    the_campaigns,
    to_part,
    write,
    writing,
)
from tests.tui.real_core import fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.choose import Choose


async def a_draft_kept(sitting: Sitting) -> None:
    """Write a draft for everybody, which is tried out only once it is kept."""
    await the_campaigns(sitting)
    await composing(sitting, "n")
    await write(sitting, "title", campaign_title="訓練")
    await write(sitting, "text:ja", message_title="訓練", message_body="日曜日です。")
    await to_part(sitting, "whom")
    await sitting.press("d")
    await in_the_tree(sitting)
    await add(sitting, "登録した人すべて")
    await sitting.press("e")
    await writing(sitting)
    await sitting.press("y")
    await sitting.until(lambda: "先に s で保存" in sitting.toasts)
    await saved(sitting)


async def tried_out(hall: town.Town) -> bool:
    async with an_adapter(await hall.channel()) as adapter:
        adapter.ready(1)
        return (await adapter.dispatch()).campaign.test


async def test_a_draft_is_tried_out_on_whom_one_may_find(hall: town.Town, cards: Cards) -> None:
    await hire(hall, "tanaka", Role.MESSENGER, Role.COUNTER)
    await a_topic(await hall.staff())
    await people(hall, cards, 1, name="総社　太郎")
    async with sat_down(hall, "tanaka") as sitting:
        await a_draft_kept(sitting)
        await sitting.press("y")
        await sitting.until(lambda: isinstance(sitting.screen, Choose))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.screen.query("#field-name"))
        await fill_in(sitting, name="総社　太郎")
        await sitting.until(lambda: isinstance(sitting.screen, Choose))
        await sitting.press("enter")
        await sitting.sees("この1件に送る")
        await sitting.press("enter")
        await sitting.until(lambda: "1人に試し送りします" in sitting.toasts)
    assert await tried_out(hall)


async def test_a_draft_is_tried_out_on_oneself_by_a_code_and_again_without(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    [me] = await people(hall, cards, 1, name="総社　太郎")
    code = (await a_code(await hall.channel(), speaking(me.external_id))).code
    async with sat_down(hall, "tanaka") as sitting:
        await a_draft_kept(sitting)
        await sitting.press("y")
        await sitting.sees("自分を加える")
        await sitting.press("enter")
        await sitting.until(lambda: sitting.screen.query("#field-tester_code"))
        await fill_in(sitting, tester_code="AAAAAAAAAA")
        await sitting.sees("その連携コードは使えません")
        await fill_in(sitting, tester_code=code)
        await sitting.sees("総社 太郎 LINE(選ぶと外す)")
        await sitting.sees("この1件に送る")
        await sitting.press("enter")
        await sitting.until(lambda: "1人に試し送りします" in sitting.toasts)
    assert await tried_out(hall)

    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await sitting.sees("(試し)訓練")
        await sitting.press("down")
        await composing(sitting, "d")
        await sitting.press("y")
        await sitting.sees("総社 太郎 LINE(前に試し送りした人)")
        await sitting.press("enter")
        await sitting.sees("この1件に送る")
