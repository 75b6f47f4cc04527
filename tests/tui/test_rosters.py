"""Rosters: columns mapped, looked at, imported, replaced by their difference, listed."""

import csv
from pathlib import Path

from textual.widgets import OptionList

from tests.tui.fake_core import City
from tests.tui.real_core import act
from tests.tui.sitting import Sitting, signed_in
from todoke.v1 import rosters_pb2 as pb
from tui.dialogs.ask import Ask
from tui.dialogs.choose import Choose
from tui.dialogs.mapping import MappingDialog
from tui.dialogs.roster import RosterDialog
from tui.screens.roster_differences import DifferencesScreen
from tui.screens.rosters import RostersScreen


def without_roster(city: City) -> None:
    city.add_program(roster=False)


def only_program(sitting: Sitting):
    return next(iter(sitting.city.programs.values()))


def a_file(tmp_path: Path, content: bytes = b"x") -> Path:
    path = tmp_path / "meibo.csv"
    path.write_bytes(content)
    return path


async def opened(sitting: Sitting, key: str, kind: type) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, kind))


async def given(sitting: Sitting, path: Path) -> None:
    """Open the dialog with the path typed, and look."""
    await sitting.open("2")
    await opened(sitting, "i", RosterDialog)
    sitting.screen.query_one("#path").value = str(path)
    await sitting.press("enter")


async def test_a_roster_is_looked_at_then_imported(tmp_path: Path) -> None:
    async with signed_in(without_roster) as sitting:
        await given(sitting, a_file(tmp_path, b"x" * 600_000))
        await sitting.sees("問題はありません。1,000行、合計 30,000,000円")
        assert not only_program(sitting).HasField("roster")
        await sitting.press("enter")
        await sitting.until(lambda: "名簿を取り込みました" in sitting.toasts)
        await sitting.sees("meibo.csv")
        looked, taken = sitting.city.calls("ImportRosterEnd")
        assert looked.preview
        assert not taken.preview
        assert taken.file_size == 600_000
        assert looked.request_id != taken.request_id


async def test_problems_are_listed_by_row_and_saved_for_their_owner_alone(tmp_path: Path) -> None:
    def fill(city: City) -> None:
        without_roster(city)
        detail = pb.ErrorReasonDetail(reason="ROSTER_VALUE_UNREADABLE")
        city.problems = [
            pb.RosterProblem(row=17, column="生年月日", reason=detail),
            pb.RosterProblem(row=42, column="支給額", reason=detail),
        ]

    async with signed_in(fill) as sitting:
        await given(sitting, a_file(tmp_path))
        await sitting.sees("2か所の問題があるため取り込めません")
        await sitting.sees("17 生年月日")
        assert sitting.screen.query_one("#take").disabled
        await opened(sitting, "s", Ask)
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await sitting.press("enter", "enter")
        saved = tmp_path / "名簿の問題.csv"
        await sitting.until(saved.exists)
        rows = list(csv.reader(saved.read_text(encoding="utf-8-sig").splitlines()))
        assert rows[2][:2] == ["42", "支給額"]
        assert "この値を読めません" in rows[2][2]
        assert saved.stat().st_mode & 0o777 == 0o600


async def test_what_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    async with signed_in(without_roster) as sitting:
        metadata = {"row": "8", "column": "備考"}
        sitting.city.refuse("ImportRosterEnd", "MY_NUMBER_IN_ROSTER", metadata=metadata)
        await given(sitting, a_file(tmp_path))
        await sitting.sees("8行目の「備考」にマイナンバーと思われる数字")
        sitting.screen.query_one("#path").value = str(tmp_path / "nai.csv")
        await sitting.pilot.click("#look")
        await sitting.sees("ファイルがありません")
        assert len(sitting.city.calls("ImportRosterEnd")) == 1


async def test_columns_are_mapped_by_hand_kept_and_used_again(tmp_path: Path) -> None:
    async with signed_in(without_roster) as sitting:
        metadata = {"missing": "宛名番号", "found": "住基番号"}
        sitting.city.refuse("ImportRosterEnd", "ROSTER_COLUMNS_MISSING", metadata=metadata)
        await given(sitting, a_file(tmp_path))
        await sitting.sees("必要な列がありません")
        await sitting.until(lambda: sitting.app.focused.id == "columns")
        await opened(sitting, "enter", MappingDialog)
        await sitting.sees("備考 (使わない)")
        await opened(sitting, "enter", Choose)
        await sitting.until(lambda: sitting.screen.query_one(OptionList).highlighted == 1)
        await sitting.press("down", "enter")
        await sitting.until(lambda: isinstance(sitting.screen, MappingDialog))
        await sitting.sees("宛名番号 氏名")
        await act(sitting)
        await sitting.sees("問題はありません")
        (kept,) = sitting.city.mappings
        assert kept.name == "meibo"
        assert kept.columns[0].holds == pb.ROSTER_COLUMN_NAME
        assert sitting.city.calls("ImportRosterEnd")[-1].mapping_id == kept.mapping_id

        await sitting.pilot.click("#columns")
        await sitting.until(lambda: isinstance(sitting.screen, MappingDialog))
        await sitting.pilot.click("#kept")
        await sitting.until(lambda: isinstance(sitting.screen, Choose))
        await sitting.sees("meibo(この列に合う)")
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, MappingDialog))
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, RosterDialog))
        assert len(sitting.city.mappings) == 1


async def test_a_roster_is_replaced_by_its_difference_and_both_are_listed(tmp_path: Path) -> None:
    def fill(city: City) -> None:
        city.add_program()
        row = pb.RosterDifferenceRow(kind=pb.DIFFERENCE_KIND_CHANGED)
        row.before.reference = row.after.reference = "1000037"
        row.before.name, row.after.name = "山田 太郎", "山田 大郎"
        city.difference_rows.append(row)

    async with signed_in(fill) as sitting:
        await given(sitting, a_file(tmp_path))
        await sitting.sees("加わる 12人  いなくなる 3人  変わる 5人")
        await sitting.sees("進行中の申請への影響: 審査待ち 2")
        await sitting.press("更", "enter")
        sitting.city.refuse("ReplaceRosterEnd", "ROSTER_DIFFERENCE_CHANGED")
        await sitting.press("enter")
        await sitting.sees("見ていた差分から内容が変わりました")
        assert sitting.screen.query_one("#take").disabled
        await sitting.pilot.click("#look")
        await sitting.sees("加わる 12人")
        await sitting.press("enter", "enter")
        await sitting.until(lambda: "名簿を差し替えました" in sitting.toasts)
        taken = sitting.city.calls("ReplaceRosterEnd")[-1]
        assert taken.difference_hash == "d" * 64
        assert taken.reason == "更"

        await opened(sitting, "l", RostersScreen)
        await sitting.until(lambda: len(sitting.screen.live.shown) == 2)
        await opened(sitting, "d", DifferencesScreen)
        await sitting.sees("~ 変わった")
        await sitting.sees("前 山田 太郎")
        await sitting.press("s")
        await sitting.sees("+ 加わった")
        await sitting.sees("違いはありません")
