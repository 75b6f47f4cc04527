"""Associations at the section's desk, by keys alone, with the real core."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.callers import Role
from tests import town
from tests.core.associations.makers import Neighbourhood, an_association, ask_to_join
from tests.core.circulars.makers import Block, a_draft
from tests.makers import a_contact
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting, in_each_language
from tests.tui.test_people_at_eighty import assert_fits, assert_keys_are_seen
from todoke.v1 import circulars_pb2 as pb
from tui import roles
from tui.dialogs.associations import ImportDialog
from tui.dialogs.invitation import InvitationDialog
from tui.dialogs.note import Note
from tui.screens.association import AssociationScreen
from tui.screens.association_lines import Line
from tui.screens.associations import AssociationsScreen
from tui.screens.city_circulars import CityCircularsScreen
from tui.screens.offices import OfficesScreen
from tui.screens.rounds import RoundsScreen

LIST = "自治会番号,自治会名,区域,班,世帯番号,世帯名,住所,回覧順\n"
GOOD = "0700,中央自治会,中央,1班,1,総社,中央1,1\n0700,中央自治会,中央,2班,2,吉備,中央2,1\n"


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def the_associations(sitting: Sitting) -> None:
    await sitting.open("0")


async def opened(sitting: Sitting) -> None:
    """Open the association under the cursor, once no dialog lies over the list."""
    await sitting.until(
        lambda: isinstance(sitting.screen, AssociationsScreen) and sitting.screen.row
    )
    await sitting.press("d")
    await sitting.until(lambda: isinstance(sitting.screen, AssociationScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)


async def choose(sitting: Sitting, is_it: Callable[[Line], bool]) -> None:
    """Put the cursor on a line, once it is there."""
    await sitting.until(
        lambda: (
            isinstance(sitting.screen, AssociationScreen)
            and any(map(is_it, sitting.screen.live.shown))
        )
    )
    live = sitting.screen.live
    live.choose(next(at for at, line in enumerate(live.shown) if is_it(line)))
    await sitting.pilot.pause()


async def a_neighbourhood(hall: town.Town, *, chair: bool = True) -> Neighbourhood:
    return await an_association(hall, await hall.staff(), await hall.channel(), chair=chair)


async def test_a_list_is_looked_at_row_by_row_and_then_taken(
    hall: town.Town, tmp_path: Path
) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    path = tmp_path / "list.csv"
    path.write_text(LIST + GOOD + "07/1,誤り自治会,,,3,家,住所,9\n", encoding="utf-8")
    async with sat_down(hall, "ono") as sitting:
        await the_associations(sitting)
        await sitting.sees("自治会はまだありません")
        await asking(sitting, "i", ImportDialog)
        await sitting.type(str(path))
        await sitting.press("enter")
        await sitting.sees("1か所の問題があるため取り込めません")
        await sitting.sees("番号は英数字とハイフンで")
        assert sitting.screen.query_one("#take").disabled

        path.write_text(LIST + GOOD, encoding="utf-8")
        await sitting.pilot.click("#look")
        await sitting.sees("問題はありません。自治会 1、班 2、世帯 2")
        await sitting.until(lambda: not sitting.screen.query_one("#take").disabled)
        await sitting.pilot.click("#take")
        await sitting.until(lambda: "取り込みました。自治会 1、班 2、世帯 2" in sitting.toasts)
        await sitting.sees("中央自治会")
        await sitting.sees("会長がいません")
        await opened(sitting)
        await sitting.sees("■ 1班")
        await sitting.sees("中央2")


async def test_the_first_member_is_let_in_by_a_code_and_made_chair(
    hall: town.Town, tmp_path: Path
) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    line = await hall.channel()
    async with sat_down(hall, "ono") as sitting:
        await the_associations(sitting)
        await asking(sitting, "n")
        await fill_in(sitting, association_number="0 1", association_name="東自治会")
        await sitting.sees("英数字とハイフンで")
        await fill_in(sitting, association_number="0001")
        await sitting.sees("東自治会")
        await opened(sitting)
        await asking(sitting, "b")
        await fill_in(sitting, group_name="1班")
        await choose(sitting, lambda one: one.group is not None)
        await asking(sitting, "n")
        await fill_in(sitting, household_name="総社", household_address="東1-1")
        await choose(sitting, lambda one: one.household is not None)
        await sitting.press("o")
        await sitting.until(lambda: "まだだれも参加していません" in sitting.toasts)

        await asking(sitting, "l")
        await fill_in(sitting, code_days="7")
        await sitting.until(lambda: isinstance(sitting.screen, InvitationDialog))
        code = sitting.screen._code
        await asking(sitting, "p")
        await fill_in(sitting, path=str(tmp_path))
        await sitting.until(lambda: "保存しました" in sitting.toasts)
        assert "東自治会 総社に参加するには" in written(tmp_path / "sanka-code.html")
        await sitting.press("escape")
        await ask_to_join(line, (await a_contact(hall, line)).external_id, code, "花子")
        await choose(sitting, lambda one: one.request is not None)
        await asking(sitting, "a")
        await act(sitting)
        await sitting.until(lambda: "参加を認めました" in sitting.toasts)
        await choose(sitting, lambda one: one.household is not None)
        await sitting.press("d")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("花子さん")
        await sitting.press("enter")

        await choose(sitting, lambda one: one.vacant is not None)
        await asking(sitting, "d")
        await sitting.sees("花子 — 総社 1班 東1-1")
        await fill_in(sitting, term_begin="R8.11.24", term_end="R12.3.31")
        await sitting.sees("3年")
        await fill_in(sitting, term_end="R9.3.31")
        await sitting.until(lambda: "任命しました" in sitting.toasts)
        await choose(sitting, lambda one: one.office is not None)
        await sitting.sees("2027-03-31")


@pytest.mark.slow
async def test_an_office_ends_and_all_are_handed_over_in_one_step(hall: town.Town) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    made = await a_neighbourhood(hall)
    async with sat_down(hall, "ono") as sitting:
        await the_associations(sitting)
        await opened(sitting)
        await asking(sitting, "h")
        chair = sitting.screen.query_one("#field-chair")
        assert chair.value == made.chair.member_id
        head = f"head_{made.groups[0].group_id}"
        await fill_in(
            sitting, chair="none", vice_0=made.plain.member_id, term_begin="2027-04-01",
            term_end="2029-03-31",
        )  # fmt: skip
        await sitting.sees("次の会長を選んでください")
        await fill_in(sitting, chair=made.members[1].member_id, **{head: made.members[2].member_id})
        await sitting.until(lambda: "引き継ぎました" in sitting.toasts)
        await choose(sitting, lambda one: bool(one.office and one.office.end_date == "2027-03-31"))
        await choose(
            sitting, lambda one: bool(one.office and one.office.kind == pb.OFFICE_KIND_GROUP_HEAD)
        )
        await sitting.sees("班長(1班)")

        await asking(sitting, "x")
        await fill_in(sitting, term_end="2028-03-31", reason="転居")
        await sitting.until(lambda: "役職を終えました" in sitting.toasts)
        await sitting.sees("2028-03-31")
        await sitting.press("p")
        await sitting.until(lambda: isinstance(sitting.screen, OfficesScreen))
        await sitting.sees("これから")
        assert_fits(sitting)


async def test_what_goes_round_is_counted_and_read_only_for_a_reason(hall: town.Town) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    staff, line = await hall.staff(), await hall.channel()
    block = Block(hall, line, staff, await an_association(hall, staff, line))
    sent = await block.send(title="清掃のお知らせ", body="公園に集まってください。")
    await block.answer(block.of.plain, sent.circular_id)
    async with sat_down(hall, "ono") as sitting:
        await the_associations(sitting)
        await sitting.sees("4世帯のうち2世帯")
        await sitting.sees("50%")
        await sitting.press("v")
        await sitting.sees("回覧中")
        assert "清掃のお知らせ" not in sitting.text
        await asking(sitting, "d")
        await sitting.sees("監査記録に残り、理由は会長に知らされます")
        await fill_in(sitting, reason="苦情の申し出")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("清掃のお知らせ")
        await sitting.sees("公園に集まってください。")


async def test_who_is_not_of_the_section_is_told_why_the_screen_stays_shut(
    hall: town.Town,
) -> None:
    async with sat_down(hall, "hara") as sitting:
        await sitting.press("0")
        await sitting.until(lambda: "自治会担当" in sitting.toasts)


@in_each_language
async def test_every_screen_of_associations_fits_with_every_key(
    hall: town.Town, language: str
) -> None:
    await hire(hall, "ono", Role.ASSOCIATIONS)
    staff, line = await hall.staff(), await hall.channel()
    block = Block(hall, line, staff, await an_association(hall, staff, line))
    await block.send()
    draft = a_draft("", None, title="防災訓練", targets=pb.Targets(all_associations=True))
    await staff.ask(staff.circulars.SaveCircular, draft)
    async with sat_down(hall, "ono", language=language) as sitting:
        await the_associations(sitting)
        assert_fits(sitting)
        assert_keys_are_seen(sitting, "create", "mend", "rounds", "city_circulars", "order")
        for subject in roles.SUBJECTS:
            assert sitting.words(f"subject.{subject}") in sitting.lines[1]
        await opened(sitting)
        assert_fits(sitting)
        assert_keys_are_seen(
            sitting, "let_in", "end", "appoint", "hand_over", "invitation", "add_household",
            "add_group", "mend", "rounds", "past_offices",
        )  # fmt: skip
        await sitting.press("v")
        await sitting.until(lambda: isinstance(sitting.screen, RoundsScreen))
        await sitting.until(lambda: len(sitting.screen.live.shown) > 0)
        assert_fits(sitting)
        await sitting.open("0")
        await sitting.press("c")
        await sitting.until(lambda: isinstance(sitting.screen, CityCircularsScreen))
        await sitting.until(lambda: len(sitting.screen.live.shown) > 0)
        assert_fits(sitting)
        assert_keys_are_seen(sitting, "remind", "circular_results", "forwards", "withdraw_circular")
