"""The screens of programs with the real core, by keys alone, as clerks go through them."""

import csv
from dataclasses import replace
from pathlib import Path

from textual.widgets import OptionList

from core.callers import Role
from tests import makers, town
from tests.cards import Cards, a_holder
from tests.core.eligibility.makers import a_file, a_row, upload
from tests.core.eligibility.test_second_eyes import a_strict_program
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.choose import Choose
from tui.dialogs.mapping import MappingDialog
from tui.dialogs.roster import RosterDialog
from tui.screens.match_rules import MatchRulesScreen
from tui.screens.review import ReviewScreen
from tui.screens.roster_differences import DifferencesScreen
from tui.screens.rosters import RostersScreen

THEIRS = ("管理番号", "お名前", "誕生日", "お住まい")
ROWS = (
    ("0000000001", "佐々木　花子", "昭和25年4月12日", "総社市中央１丁目１番１号"),
    ("0000000002", "髙橋　義男", "昭和30年1月2日", "総社市井手２００番地"),
)


def a_list(path: Path, *rows: tuple[str, ...]) -> Path:
    """Write a list as another municipal system does: CP932, with names of columns of its own."""
    lines = [",".join(cells) for cells in (THEIRS, *rows)]
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp932"))
    return path


async def looked_at(sitting: Sitting, path: Path) -> None:
    await asking(sitting, "i", RosterDialog)
    sitting.screen.query_one("#path").value = str(path)
    await sitting.press("enter")


async def chosen(sitting: Sitting, *downs: int) -> None:
    """Say of one column after the other what it holds, so many lines below the first."""
    for down in downs:
        await asking(sitting, "enter", Choose)
        await sitting.until(lambda: sitting.screen.query_one(OptionList).highlighted == 0)
        await sitting.press(*["down"] * down, "enter")
        await sitting.until(lambda: isinstance(sitting.screen, MappingDialog))
        await sitting.press("down")


async def test_a_roster_of_another_system_is_understood_mended_taken_and_replaced(
    hall: town.Town, tmp_path: Path
) -> None:
    await hire(hall, "tanaka", Role.ELIGIBILITY)
    await makers.a_program(await hall.staff())
    bad = replace_cell(ROWS[1], 2, "昭和30年13月2日")
    async with sat_down(hall, "tanaka") as sitting:
        await sitting.open("2")
        await looked_at(sitting, a_list(tmp_path / "bad.csv", ROWS[0], bad))
        await sitting.sees("必要な列がありません: 宛名番号、氏名、生年月日、住所")
        await sitting.until(lambda: sitting.app.focused.id == "columns")
        await asking(sitting, "enter", MappingDialog)
        await sitting.sees("誕生日 昭和25年4月12日、昭和30年13月2日 文字")
        await sitting.sees("まだ要るもの: 宛名番号、氏名、生年月日、住所")
        await chosen(sitting, 1, 2, 4, 7)
        await sitting.sees("要るものはそろいました")
        await act(sitting)

        await sitting.sees("1か所の問題")
        await sitting.sees("3 誕生日 日付として読めません")
        await asking(sitting, "s")
        await fill_in(sitting, path=str(tmp_path))
        saved = tmp_path / "名簿の問題.csv"
        await sitting.until(saved.exists)
        (_, problem) = csv.reader(saved.read_text(encoding="utf-8-sig").splitlines())
        assert problem[:2] == ["3", "誕生日"]
        assert saved.stat().st_mode & 0o777 == 0o600
        await sitting.until(lambda: isinstance(sitting.screen, RosterDialog))

        sitting.screen.query_one("#path").value = str(a_list(tmp_path / "first.csv", *ROWS))
        await act_on(sitting, "#look")
        await sitting.sees("残した対応「bad」で読みました")
        await act_on(sitting, "#columns")
        await sitting.until(lambda: isinstance(sitting.screen, MappingDialog))
        await sitting.sees("これで使う")
        await act(sitting)
        await sitting.sees("2行、合計 140,000円")
        await sitting.until(lambda: sitting.app.focused.id == "take")
        await sitting.press("enter")
        await sitting.until(lambda: "名簿を取り込みました" in sitting.toasts)

        moved = replace_cell(ROWS[1], 3, "総社市三須３００番地")
        came = ("0000000003", "渡邉　健太", "2001-02-03", "総社市中央２丁目２番２号")
        await looked_at(sitting, a_list(tmp_path / "second.csv", moved, came))
        await sitting.sees("加わる 1人 いなくなる 1人 変わる 1人 同じ 0人")
        await sitting.press("更", "enter")
        await sitting.press("enter")
        await sitting.until(lambda: "名簿を差し替えました" in sitting.toasts)
        await asking(sitting, "l", RostersScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await asking(sitting, "d", DifferencesScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 3)
        await sitting.press("s", "s", "s")
        await sitting.sees("~ 変わった 0000000002")
        await sitting.sees("総社市三須")


def replace_cell(row: tuple[str, ...], at: int, value: str) -> tuple[str, ...]:
    return (*row[:at], value, *row[at + 1 :])


async def act_on(sitting: Sitting, button: str) -> None:
    await sitting.until(lambda: not sitting.screen.query_one(button).has_class("-active"))
    await sitting.pilot.click(button)


async def at_review(sitting: Sitting) -> ReviewScreen:
    await sitting.open("2")
    await asking(sitting, "v", ReviewScreen)
    await sitting.until(lambda: not sitting.screen.live.loading)
    return sitting.screen


async def decided(sitting: Sitting, key: str, reason: str) -> None:
    await asking(sitting, key)
    await fill_in(sitting, reason=reason)
    await sitting.until(lambda: isinstance(sitting.screen, ReviewScreen))


async def test_doubtful_pairs_are_decided_by_two_and_a_reason_becomes_a_rule(
    hall: town.Town, cards: Cards
) -> None:
    for name in ("tanaka", "nakano"):
        await hire(hall, name, Role.ELIGIBILITY)
    line, staff = await hall.channel(), await hall.staff()
    one, other = (
        a_holder(name=name, address=f"岡山県総社市井手{at}番地")
        for at, name in ((100, "佐々木　花子"), (200, "山田　太郎"))
    )
    for holder in (one, other):
        await makers.a_resident(hall, line, cards.issue(holder))
    program = await a_strict_program(staff)
    rows = (
        a_row(replace(one, address="岡山県総社市井手字北原100番地"), "1"),
        a_row(replace(other, name="山下　太郎"), "2"),
    )
    await upload(staff, program, a_file(*rows))

    async with sat_down(hall, "tanaka") as sitting:
        await sitting.open("2")
        await asking(sitting, "m")
        await sitting.press("right", "enter")
        await sitting.sees("今回人の確認へ 2件")
        await sitting.press("escape")
        screen = await at_review(sitting)
        await sitting.sees("人が確かめる組(あと 2件)")
        await choose(sitting, "山下　太郎")
        await sitting.sees("名簿 山下 太郎")
        await sitting.sees("U+4E0B ≠ 田 U+7530")
        await decided(sitting, "x", "別の家の人")
        await sitting.sees("人が確かめる組(あと 1件)")
        assert screen.row.entitlement.name == one.name
        await sitting.sees("住所の 井手北原(名簿)と 井手(登録)")

        await asking(sitting, "b")
        await sitting.sees("判断「× 別人」を取り消し")
        await fill_in(sitting, reason="見直す")
        await sitting.until(lambda: "要確認に戻しました" in sitting.toasts)
        await sitting.sees("人が確かめる組(あと 2件)")
        await choose(sitting, "山下　太郎")
        await decided(sitting, "x", "やはり別人")
        await decided(sitting, "a", "字の有無だけ")
        await sitting.press("s")
        await sitting.sees("二人目の確認を待つ組(2件)")
        await sitting.press("c")
        await sitting.until(lambda: "同じ人が二度行うことはできません" in sitting.toasts)

    await confirm_and_keep(hall, one.name)


async def confirm_and_keep(hall: town.Town, name: str) -> None:
    """Be the second person, who keeps the reason as a rule and ends it."""
    async with sat_down(hall, "nakano") as sitting:
        await at_review(sitting)
        await sitting.press("s")
        await sitting.sees("二人目の確認を待つ組(2件)")
        await choose(sitting, name)
        await asking(sitting, "c")
        await sitting.sees("tanakaさんの判断: ○ 同一人")
        await fill_in(sitting, reason="確かめた")
        await sitting.sees("二人目の確認を待つ組(1件)")
        await asking(sitting, "n")
        await sitting.sees("違い: 住所の 井手北原(名簿)と 井手(登録)")
        await fill_in(sitting, reason="字は省かれる")
        await sitting.until(lambda: "決まりに残しました" in sitting.toasts)
        await asking(sitting, "l", MatchRulesScreen)
        await sitting.sees("井手北原(名簿)と 井手(登録)")
        await sitting.sees("nakano")
        await asking(sitting, "x")
        await fill_in(sitting, reason="もう要らない")
        await sitting.sees("残した決まりはありません")


async def choose(sitting: Sitting, name: str) -> None:
    """Put the cursor on the pair of that name in the roster."""
    live = sitting.screen.live
    await sitting.until(lambda: name in [match.entitlement.name for match in live.shown])
    live.choose([match.entitlement.name for match in live.shown].index(name))
    await sitting.until(lambda: live.selected.entitlement.name == name)
