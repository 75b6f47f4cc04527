"""A campaign from its first word to its end, by keys alone, with the real core."""

from datetime import datetime
from pathlib import Path

from core.callers import Role
from tests import town
from tests.cards import Cards
from tests.core.attachments.files import a_photo
from tests.core.messaging.makers import a_topic, people, set_rules
from tests.makers import a_request_id
from tests.tui.composing import (
    add,
    add_area,
    back_at_the_campaigns,
    choose,
    composing,
    in_the_tree,
    saved,
    the_campaigns,
    to_part,
    write,
    writing,
)
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from todoke.v1.dispatches_pb2 import ReportQuotaRequest
from tui.dialogs.choose import Choose
from tui.dialogs.note import Note
from tui.formats import TOKYO


def this_month() -> str:
    """The month that a provider's allowance is of: the terminal goes by its own clock."""
    return datetime.now(TOKYO).strftime("%Y-%m")


async def compose(sitting: Sitting) -> None:
    """Write a campaign, and mend what the core refuses where it is shown."""
    await the_campaigns(sitting)
    await composing(sitting, "n")
    await write(sitting, "title", campaign_title="訓練のお知らせ")
    await write(sitting, "text:ja", message_title="防災訓練", message_body="{nmae}様\n日曜日です。")
    await write(sitting, "text:en", message_title="Drill", message_body="On Sunday.")
    await sitting.press("s")
    await sitting.until(lambda: sitting.screen.row.name == "whom")
    await sitting.press("d")
    await in_the_tree(sitting)
    await add(sitting, "年齢", from_age="20")
    await add_area(sitting, ["中央1丁目"], [])
    await sitting.sees("届く人 2人")
    await sitting.press("e")
    await writing(sitting)
    await sitting.press("s")
    await sitting.until(lambda: sitting.screen.row.name == "text:ja")
    await sitting.sees("文(日本語)の {nmae} には、置きかえるものがありません")
    await write(sitting, "text:ja", message_body="{name}様\n日曜日です。")
    await sitting.sees("総社 太郎様")
    await sitting.press("l")
    await sitting.sees("On Sunday.")
    await saved(sitting)


async def look_over(sitting: Sitting) -> None:
    await sitting.press("v")
    await sitting.until(lambda: isinstance(sitting.screen, Note))
    await sitting.sees("もう一人の承認が必要です(2人から)")
    await sitting.sees(f"LINEの残り 1通では足りません(上限 200通、{this_month()})")
    await sitting.sees("LINEの枠を超える1人には、枠が新しくなる")
    await sitting.sees("夜間(21:00〜08:00)")
    await sitting.sees("いま始めれば")
    await sitting.press("enter")
    await writing(sitting)


async def test_a_campaign_is_composed_looked_over_approved_by_another_sent_held_and_ended(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await hire(hall, "sato", Role.MESSAGE_APPROVER)
    staff = await hall.staff()
    await a_topic(staff)
    await set_rules(staff, approval_from=2)
    await people(hall, cards, 2, name="総社　太郎")
    line = await hall.channel()
    allowance = {"limit": 200, "used": 199, "period": this_month()}
    quota = ReportQuotaRequest(**allowance, request_id=a_request_id())
    await line.ask(line.dispatches.ReportQuota, quota)
    async with sat_down(hall, "tanaka") as sitting:
        await compose(sitting)
        await look_over(sitting)
        await sitting.press("escape")
        await back_at_the_campaigns(sitting)
        await sitting.sees("訓練のお知らせ")
        await sitting.until(lambda: "(a) 承認" in sitting.keys)

    async with sat_down(hall, "sato") as sitting:
        await the_campaigns(sitting)
        await sitting.press("v")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("20歳以上")
        await sitting.press("end")  # Who approves reads all that is said.
        await sitting.sees("On Sunday.")
        await sitting.sees("繰り返し 一度だけ")
        await sitting.press("enter")
        await back_at_the_campaigns(sitting)
        await asking(sitting, "b")
        await fill_in(sitting, reason="日付を確かめて")
        await sitting.until(lambda: "差し戻しました" in sitting.toasts)
        await sitting.sees("差し戻し")
        await sitting.sees("日付を確かめて")
        await asking(sitting, "a")
        await sitting.sees("作成者 tanaka")
        await act(sitting)
        await sitting.until(lambda: "承認しました" in sitting.toasts)

    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await sitting.sees("承認済み")
        await sitting.sees("承認者 sato")
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


async def test_a_draft_has_a_button_an_image_and_days_of_rest_and_begins_from_a_template(
    hall: town.Town, cards: Cards, tmp_path: Path
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    photo = tmp_path / "訓練.jpg"
    photo.write_bytes(a_photo())
    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await composing(sitting, "n")
        await write(sitting, "title", campaign_title="ごみの日")
        await write(sitting, "text:ja", message_title="ごみの日", message_body="火曜日です。")
        await write(sitting, "button:0", url="https://city.example/gomi", label_ja="くわしく")
        await write(sitting, "image", image_path=str(photo))
        await sitting.sees("[画像 訓練.jpg]")
        await sitting.sees("くわしく")
        await asking(sitting, "m")
        await fill_in(sitting, template_name="ごみの文例")
        await sitting.until(lambda: "文例を保存しました" in sitting.toasts)

        await sitting.press("l", "escape")
        await sitting.until(lambda: sitting.screen.query("#act"))
        await act(sitting)
        await back_at_the_campaigns(sitting)
        await composing(sitting, "n")
        await sitting.press("b")
        await choose(sitting, "ごみの文例")
        await writing(sitting)
        await sitting.sees("火曜日です。")
        await write(sitting, "title", campaign_title="毎週のごみの日")
        await to_part(sitting, "whom")
        await sitting.press("d")
        await in_the_tree(sitting)
        await add(sitting, "登録した人すべて")
        await sitting.press("e")
        await to_part(sitting, "repeat")
        await asking(sitting, "d")
        rest = sitting.screen.query_one("#field-repeat_except")
        rest.text = "2026-12-29〜2027-01-03\nR9.1.5"
        await fill_in(sitting, repeat="weekly", repeat_until="R9.3.31")
        await writing(sitting)
        await write(sitting, "letter_after_days", letter_after_days="14")
        await sitting.sees("14日開かない人")
        await saved(sitting)
        plan = sitting.screen.plan
        assert [(one.begin_date, one.end_date) for one in plan.draft.repeat_except] == [
            ("2026-12-29", "2027-01-03"),
            ("2027-01-05", "2027-01-05"),
        ]
        assert (plan.draft.repeat, plan.draft.repeat_until) == ("weekly", "2027-03-31")
        assert plan.draft.message.buttons[0].url == "https://city.example/gomi"
        assert plan.draft.message.image_id
        assert plan.draft.letter_after_days == 14


async def test_of_several_topics_one_is_chosen_before_anybody_is_counted(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    staff = await hall.staff()
    await a_topic(staff)
    await a_topic(staff, "children", "子育て")
    await people(hall, cards, 1)
    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await composing(sitting, "n")
        await write(sitting, "title", campaign_title="健診")
        await write(sitting, "text:ja", message_title="健診", message_body="水曜日です。")
        await to_part(sitting, "whom")
        await sitting.press("d")
        await sitting.until(lambda: isinstance(sitting.screen, Choose))
        await sitting.press("escape")  # Without a topic there is nobody to count.
        await writing(sitting)
        await sitting.press("d")
        await sitting.until(lambda: isinstance(sitting.screen, Choose))
        await sitting.press("home", "enter")
        await in_the_tree(sitting)
        await sitting.sees("話題「子育て」で数える")
        await add(sitting, "登録した人すべて")
        await sitting.press("e")
        await writing(sitting)
        await saved(sitting)
        assert sitting.screen.plan.draft.topic == "children"


async def test_a_digit_by_mistake_does_not_throw_away_what_is_being_written(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await composing(sitting, "n")
        await write(sitting, "title", campaign_title="健診")
        await to_part(sitting, "whom")
        await sitting.press("d")
        await in_the_tree(sitting)  # Nothing is begun here, but under it.
        await asking(sitting, "1")
        await sitting.sees("書いた内容を捨てます")
        await sitting.press("escape")
        await in_the_tree(sitting)
        await sitting.press("escape")
        await writing(sitting)
        await sitting.sees("健診")
        await asking(sitting, "u")
        await sitting.press("escape")
        await writing(sitting)
        await asking(sitting, "1")
        await act(sitting)
        await sitting.until(lambda: sitting.screen.SUBJECT == "dashboard")


async def test_what_was_not_chosen_is_told_at_its_part(hall: town.Town) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    staff = await hall.staff()
    for key in ("events", "children"):
        await a_topic(staff, key)
    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await composing(sitting, "n")
        await write(sitting, "title", campaign_title="健診")
        await sitting.press("s")
        await sitting.until(lambda: sitting.screen.row.name == "topic")
        await sitting.sees("話題を選んでください")
        marked = [line for line in sitting.lines if line.lstrip().startswith("×")]
        assert len(marked) == 3  # The topic, the text, and whom it is for.
