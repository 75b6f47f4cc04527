"""A campaign from its first word to its end, by keys alone, with the real core."""

from core.callers import Role
from tests import town
from tests.cards import Cards
from tests.core.messaging.makers import a_topic, people
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.note import Note
from tui.screens.campaigns import CampaignsScreen

SAYS = {"title_ja": "防災訓練", "body_ja": r"{name}様\n日曜日です。", "title_en": "Drill"}


async def the_campaigns(sitting: Sitting) -> None:
    await sitting.open("5")
    await sitting.press("c")
    await sitting.until(lambda: isinstance(sitting.screen, CampaignsScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)


async def test_a_campaign_is_composed_looked_over_approved_sent_held_and_ended(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await hire(hall, "sato", Role.MESSAGE_APPROVER)
    await a_topic(await hall.staff())
    await people(hall, cards, 2, name="総社　太郎")
    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await asking(sitting, "n")
        await fill_in(sitting, title="訓練のお知らせ", from_age="x", **SAYS)
        await sitting.sees("0〜150の数字で")
        await fill_in(sitting, from_age="20", town="中央一丁目")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("いま 2人に届きます")
        await sitting.sees("総社　太郎")
        await sitting.press("enter")
        await sitting.sees("訓練のお知らせ")

        await asking(sitting, "d")
        assert sitting.screen.query_one("#field-body_ja").value == SAYS["body_ja"]
        await fill_in(sitting, title="訓練の再度のお知らせ")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.press("enter")
        await sitting.sees("訓練の再度のお知らせ")
        await sitting.until(lambda: "(a) 承認" in sitting.keys)

    async with sat_down(hall, "sato") as sitting:
        await the_campaigns(sitting)
        await asking(sitting, "a")
        await sitting.sees("作成者 tanaka")
        await act(sitting)
        await sitting.until(lambda: "承認しました" in sitting.toasts)

    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await asking(sitting, "s")
        await act(sitting)
        await sitting.sees("配信中")
        await sitting.press("p")
        await sitting.sees("停止中")
        await sitting.press("r")
        await sitting.sees("配信中")
        await asking(sitting, "x")
        await fill_in(sitting, reason="日付の誤り")
        await sitting.sees("備考 日付の誤り")
