"""Rosters that the core does not take, or takes no more."""

from pathlib import Path

from tests.tui.fake_core import City
from tests.tui.sitting import Sitting, signed_in
from todoke.v1 import rosters_pb2 as pb
from tui.dialogs.roster import RosterDialog


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


async def test_a_difference_that_changed_meanwhile_is_looked_at_again(tmp_path: Path) -> None:
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
