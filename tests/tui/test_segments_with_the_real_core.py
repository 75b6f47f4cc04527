"""Whom to tell: a tree of conditions built by keys, counted beside it, kept and used in others."""

from datetime import date

import pytest

from core.callers import Role
from tests import town
from tests.cards import Cards, a_holder
from tests.core.applications.procedures import SURVEY, publish
from tests.core.associations.makers import an_association
from tests.core.messaging.makers import a_topic, create, people
from tests.makers import a_program, a_resident
from tests.tui.composing import add, add_area, choose, in_the_tree, the_campaigns, throw_away
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.applications_pb2 import APPLICATION_STATE_SUBMITTED
from tui.dialogs.choose import Choose, fits
from tui.dialogs.choose_several import ChooseSeveral
from tui.screens.segment import SegmentScreen
from tui.screens.segments import SegmentsScreen


async def the_segments(sitting: Sitting) -> None:
    await the_campaigns(sitting)
    await sitting.press("w")
    await sitting.until(lambda: isinstance(sitting.screen, SegmentsScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)


async def a_new_tree(sitting: Sitting) -> None:
    await sitting.press("n")
    await sitting.until(lambda: isinstance(sitting.screen, SegmentScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)


def lines(sitting: Sitting) -> list[str]:
    """The tree as it is drawn, without what stands beside it."""
    table = sitting.screen.live
    rows = sitting.lines[table.region.y + 1 : table.region.bottom]
    return [said for row in rows if (said := row.partition("│")[0].strip())]


async def test_a_tree_is_built_by_keys_counted_beside_it_and_kept_for_others(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    await people(hall, cards, 1, name="総社　太郎", birth_date=date(1950, 1, 2))
    await people(hall, cards, 1, name="総社　花子", birth_date=date(1999, 1, 2))
    async with sat_down(hall, "tanaka") as sitting:
        await the_segments(sitting)
        await a_new_tree(sitting)
        await add(sitting, "年齢", from_age="65")
        await sitting.sees("届く人 1人")
        await sitting.sees("総社　太郎")
        await add_area(sitting, ["中央1丁目"], [])
        assert lines(sitting) == [
            "次のすべてに当てはまる", "65歳以上", "中央1丁目に住む",
        ]  # fmt: skip
        await sitting.press("w", "c", "c")
        await sitting.sees("次のどれにも当てはまらない")
        await sitting.sees("届く人 0人")
        await sitting.press("z", "z", "z")
        await sitting.sees("届く人 1人")
        await asking(sitting, "s")
        await fill_in(sitting, segment_name="中央の高齢者")
        await sitting.until(lambda: "「中央の高齢者」を保存しました" in sitting.toasts)
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, SegmentsScreen))
        await sitting.sees("中央の高齢者")

        await a_new_tree(sitting)
        await add(sitting, "どれにも", "取っておいた", "中央の高齢者")
        await sitting.sees("総社　花子")
        await sitting.sees("届く人 1人")


async def test_what_the_core_finds_wrong_is_shown_at_its_condition(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    async with sat_down(hall, "tanaka") as sitting:
        await the_segments(sitting)
        await a_new_tree(sitting)
        await add(sitting, "登録した人すべて")
        await add(sitting, "年齢", from_age="20")
        await asking(sitting, "s")
        await fill_in(sitting, segment_name="大人")
        await in_the_tree(sitting)
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, SegmentsScreen))
        await a_new_tree(sitting)
        await add(sitting, "登録した人すべて")
        await add(sitting, "取っておいた", "大人")
        await asking(sitting, "s")
        await fill_in(sitting, segment_name="輪")
        await in_the_tree(sitting)
        await sitting.press("escape")
        await sitting.until(lambda: isinstance(sitting.screen, SegmentsScreen))

        await sitting.press("home", "d")
        await in_the_tree(sitting)
        await sitting.until(lambda: not sitting.screen.live.loading)
        await sitting.press("end")
        await add(sitting, "取っておいた", "輪")
        await asking(sitting, "s")
        await act(sitting)
        await in_the_tree(sitting)
        await sitting.sees("回り回って自分自身を使っています")
        wrong = next(line for line in sitting.lines if "配信条件「輪」" in line)
        assert wrong.lstrip().startswith("×")


async def test_towns_are_chosen_of_those_that_there_are_and_several_become_a_group(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    await a_topic(await hall.staff())
    for place in ("三須２番地", "三須１０番地", "中央一丁目４番地"):
        await people(hall, cards, 1, address=f"岡山県総社市{place}")
    async with sat_down(hall, "tanaka") as sitting:
        await the_segments(sitting)
        await a_new_tree(sitting)
        await sitting.press("n")
        await sitting.until(lambda: isinstance(sitting.screen, Choose))
        await sitting.type("町の名前")
        await sitting.sees("当てはまるものがありません")
        await sitting.press("enter", "escape")
        await in_the_tree(sitting)
        await sitting.press("n")
        await choose(sitting, "町名")
        await sitting.sees("三須  2人")
        await sitting.sees("▐ ▌ 中央1丁目  1人")
        await sitting.press("end", "space")
        await sitting.sees("▐X▌ 中央1丁目  1人")
        assert fits("中央一", "中央1丁目")
        await sitting.press("escape")
        await in_the_tree(sitting)
        await add_area(sitting, ["三須"], ["10番"])
        await sitting.sees("届く人 1人")
        await sitting.press("d")
        await sitting.until(lambda: isinstance(sitting.screen, ChooseSeveral))
        await sitting.press("end", "space", "enter")
        await in_the_tree(sitting)
        assert lines(sitting) == [
            "次のどれかに当てはまる", "三須に住む", "中央1丁目に住む",
        ]  # fmt: skip
        await sitting.sees("届く人 3人")


@pytest.mark.slow
async def test_a_household_an_office_and_an_age_out_of_order_are_asked_from_the_core_s_lists(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER)
    staff = await hall.staff()
    await a_topic(staff)
    await a_resident(hall, await hall.channel(), cards.issue(a_holder()))
    await an_association(hall, staff, await hall.channel())
    async with sat_down(hall, "tanaka") as sitting:
        await the_segments(sitting)
        await a_new_tree(sitting)
        await sitting.press("n")
        await choose(sitting, "自治会・班")
        await choose(sitting, "自治会")
        await choose(sitting, "2班")
        await sitting.until(lambda: isinstance(sitting.screen, ChooseSeveral))
        await sitting.press("space", "enter")
        await in_the_tree(sitting)
        await sitting.sees("2班 会長")
        await sitting.press("n")
        await choose(sitting, "自治会の世帯")
        await choose(sitting, "自治会")
        await sitting.until(lambda: isinstance(sitting.screen, ChooseSeveral))
        await sitting.press("space", "down", "space", "enter")
        await in_the_tree(sitting)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 3)
        assert len(sitting.screen.row.condition.association.household_ids) == 2
        await sitting.press("n")
        await choose(sitting, "年齢")
        await sitting.until(lambda: sitting.screen.query("#act"))
        await fill_in(sitting, from_age="40", to_age="30")
        await sitting.sees("「年齢から」の数より小さくない")
        await fill_in(sitting, to_age="50")
        await in_the_tree(sitting)
        await sitting.sees("40歳から50歳まで")
        await throw_away(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, SegmentsScreen))


@pytest.mark.slow
async def test_programs_answers_campaigns_days_and_people_are_chosen_or_typed(
    hall: town.Town,
) -> None:
    await hire(hall, "tanaka", Role.MESSENGER, Role.COUNTER)
    staff = await hall.staff()
    await a_topic(staff)
    await publish(hall, SURVEY)
    program = await a_program(staff)
    earlier = await create(staff)
    async with sat_down(hall, "tanaka") as sitting:
        await the_segments(sitting)
        await a_new_tree(sitting)
        await sitting.press("n")
        await choose(sitting, "給付と申請")
        await choose(sitting, program.title)
        await sitting.until(lambda: isinstance(sitting.screen, ChooseSeveral))
        await sitting.press("down", "down", "space", "enter")
        await in_the_tree(sitting)
        await add(sitting, "手続きでの答え", "また使いますか", "いいえ")
        await add(sitting, "前の配信", earlier.draft.title, "開いていない")
        await add(sitting, "登録した日", first_day="R8.4.1", last_day="2026-12-31")
        await add(sitting, "読む言語", "ベトナム語", language="vi")  # Not in the list: typed.
        await sitting.sees("viで読む")
        await sitting.sees("届く人 0人")
        [_, standing, answer, campaign, days, language] = [
            node.condition for node in sitting.screen.live.shown
        ]
    assert standing.program == pb.ProgramStanding(
        program_id=program.program_id, states=[APPLICATION_STATE_SUBMITTED]
    )
    assert (answer.answer.step, answer.answer.value) == ("again", "no_more")
    assert campaign.campaign.engagement == pb.ENGAGEMENT_NOT_OPENED
    assert (days.registered.begin_date, days.registered.end_date) == ("2026-04-01", "2026-12-31")
    assert language.language == "vi"
