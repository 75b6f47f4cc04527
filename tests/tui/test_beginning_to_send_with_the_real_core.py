"""The first campaign of a town in which nothing was sent yet, by keys, with the real core."""

from core.callers import Role
from tests import town
from tests.cards import Cards
from tests.core.messaging.makers import a_topic, people
from tests.tui.composing import (
    add,
    back_at_the_campaigns,
    composing,
    in_the_tree,
    the_campaigns,
    to_part,
    write,
    writing,
)
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tui.dialogs.note import Note
from tui.screens.topics import TopicsScreen


async def test_who_begins_in_an_empty_town_is_led_to_the_topics_and_makes_one(
    hall: town.Town,
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    async with sat_down(hall, "tanaka") as sitting:
        await the_campaigns(sitting)
        await sitting.press("n")
        await sitting.until(lambda: "l で話題を開き、n で作ります" in sitting.toasts)
        await sitting.press("l")
        await sitting.until(lambda: isinstance(sitting.screen, TopicsScreen))
        await sitting.sees("話題はまだありません")
        await asking(sitting, "n")
        await fill_in(sitting, topic_ja="防災", topic_en="Disasters", topic_key="災害")
        await sitting.sees("識別名: 半角英小文字で始め")
        await fill_in(sitting, topic_key="disaster")
        await sitting.sees("日本語、英語")
        await asking(sitting, "d")
        await fill_in(sitting, topic_ja_x_easy="さいがい", chosen_at_first=False)
        await sitting.sees("届かない")
        await sitting.sees("やさしい日本語: さいがい")
        await sitting.press("escape")
        await back_at_the_campaigns(sitting)
        await composing(sitting, "n")
        await sitting.until(lambda: sitting.screen.draft.topic == "disaster")


async def test_what_a_draft_lacks_is_said_in_the_words_of_its_parts(hall: town.Town) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    async with sat_down(hall, "tanaka", toasts=True) as sitting:
        await the_campaigns(sitting)
        await composing(sitting, "n")
        await sitting.press("s")
        await sitting.until(lambda: "配信の名前: 1〜100文字で入力してください" in sitting.toasts)
        # In the panel, and in the toast over the line between the panes.
        await sitting.until(lambda: sitting.text.count("配信の名前:") == 2)
        assert "届ける人: だれに届けるかを決めてください" in sitting.toasts
        assert "文: どれか一つの言語で、題名と本文を書いてください" in sitting.toasts
        await write(sitting, "title", campaign_title="訓練")
        await sitting.press("s")
        await sitting.until(lambda: sitting.screen.row.name == "text:ja")


async def test_a_day_that_is_past_sends_nothing(hall: town.Town, cards: Cards) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    await people(hall, cards, 1)
    async with sat_down(hall, "tanaka") as sitting:
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
        await sitting.press("s")
        await sitting.until(lambda: not sitting.screen.unsaved)
        await sitting.press("escape")
        await back_at_the_campaigns(sitting)
        await asking(sitting, "s")
        await fill_in(sitting, start_day="2020-01-01")
        await sitting.sees("送る日時: これから先の日時にしてください")
        assert sitting.screen.query("#field-start_day.-wrong")
        await sitting.press("escape")
        await back_at_the_campaigns(sitting)
        await sitting.sees("下書き")
        await asking(sitting, "s")
        await act(sitting)
        await sitting.sees("配信中")
        await hall.do_waiting()
        await asking(sitting, "v", Note)
        await sitting.sees("1人へ送り始めました")
        assert "いま始めれば" not in sitting.text
