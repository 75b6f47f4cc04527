"""Crossings between the networks, the ledger, progress, rehearsals, and why one is entitled."""

from pathlib import Path

from rich.cells import cell_len

from tests.tui.fake_core import City
from tests.tui.fake_core.city import STAFF
from tests.tui.real_core import act, fill_in
from tests.tui.sitting import SIZE, Sitting, signed_in
from todoke.v1 import crossings_pb2, ledger_pb2
from todoke.v1.staff_pb2 import ROLE_ADMINISTRATOR
from tui.dialogs.ask import Ask
from tui.dialogs.note import Note
from tui.dialogs.rehearsal import RehearsalDialog
from tui.screens.crossing_dialogs import aloud
from tui.screens.crossings import CrossingsScreen
from tui.screens.ledger import LedgerScreen
from tui.screens.progress import ProgressScreen
from tui.screens.resident import ResidentScreen


async def opened(sitting: Sitting, key: str, kind: type) -> None:
    await sitting.press(key)
    await sitting.until(lambda: isinstance(sitting.screen, kind))


def is_whole(sitting: Sitting) -> bool:
    return [cell_len(line) for line in sitting.lines] == [SIZE[0]] * SIZE[1]


async def test_a_file_crosses_by_two_people_and_its_answer_comes_back(tmp_path: Path) -> None:
    def fill(city: City) -> None:
        city.add_crossing(city.add_program(), proposer="jiro")

    async with signed_in(fill) as sitting:
        await sitting.open("2")
        await opened(sitting, "c", CrossingsScreen)
        await sitting.sees("c0ff  eec0")
        assert is_whole(sitting)
        await sitting.press("e")
        await sitting.until(lambda: "承認されたものだけ保存できます" in sitting.toasts)
        await opened(sitting, "a", Ask)
        await sitting.press("right", "enter")
        await sitting.sees("○ 承認済")
        await opened(sitting, "e", Ask)
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await sitting.press("enter", "enter")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        sealed = tmp_path / "registrations.todoke"
        assert sealed.stat().st_mode & 0o777 == 0o600
        await sitting.press("enter")
        await sitting.sees("◎ 済")
        await opened(sitting, "i", Ask)
        sitting.screen.query_one("#field-path").value = str(sealed)
        await sitting.press("enter", "enter")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("結ぶ組        940件")
        await sitting.press("enter")
        await sitting.sees("← 取込")
        await sitting.press("home", "a")
        await sitting.until(lambda: "同じ人が二度行うことはできません" in sitting.toasts)
        await opened(sitting, "x", Ask)
        await sitting.press("誤", "enter", "right", "enter")
        await sitting.sees("― 取消")
        await opened(sitting, "n", Ask)
        await fill_in(sitting, reason="支払", parcel="CROSSING_PARCEL_DECISIONS")
        await sitting.until(lambda: len(sitting.city.crossings) == 3)
        (asked,) = sitting.city.calls("ProposeCrossing")
        assert asked.parcel == crossings_pb2.CROSSING_PARCEL_DECISIONS
        states = [crossing.state for crossing in sitting.city.crossings.values()]
        assert states.count(crossings_pb2.CROSSING_STATE_PROPOSED) == 1
        await sitting.until(lambda: isinstance(sitting.screen, CrossingsScreen))
        assert "(o) 封の鍵" in sitting.keys


async def test_the_sealing_key_is_set_and_its_fingerprint_read_aloud() -> None:
    STAFF["kanri"] = type(STAFF["goro"])(name="kanri", roles=[ROLE_ADMINISTRATOR])
    async with signed_in(lambda city: city.add_program(), name="kanri") as sitting:
        await sitting.open("2")
        await opened(sitting, "c", CrossingsScreen)
        await opened(sitting, "o", Ask)
        sitting.screen.query_one("#field-public_key").value = "todoke-key:" + "A" * 43
        sitting.screen.query_one("#field-reason").value = "運用開始"
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("4文字ずつ声に出して")
    assert aloud("0123456789abcdef" * 4).splitlines()[0] == "  ".join(
        ["0123", "4567", "89ab", "cdef"] * 2
    )


async def test_the_ledger_is_followed_until_somebody_is_reached(tmp_path: Path) -> None:
    def fill(city: City) -> None:
        city.add_program()
        for state in ledger_pb2.LedgerState.values()[1:]:
            city.add_line("佐々木 花子", state)
        city.add_progress("中央一丁目", 0, 17, unmatched=30, filed=50, settled=20)
        city.add_progress("", 0, 150, protected=4)

    async with signed_in(fill) as sitting:
        await sitting.open("2")
        await opened(sitting, "o", LedgerScreen)
        await sitting.sees("すべて 8件")
        await sitting.sees("? 未一致 30")
        assert is_whole(sitting)
        await sitting.press("d")
        await sitting.until(lambda: "登録者と結ばれていません" in sitting.toasts)
        await opened(sitting, "n", Ask)
        sitting.screen.query_one("#field-contact_clock").value = "25:00"
        await act(sitting)
        await sitting.sees("14:30 のように")
        sitting.screen.query_one("#field-contact_clock").value = "9:05"
        sitting.screen.query_one("#field-contact_day").value = "R8.11.20"
        await act(sitting)
        await sitting.sees("11/20 09:05 電話")
        await opened(sitting, "e", Ask)
        sitting.screen.query_one("#field-path").value = str(tmp_path)
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("抑止で除いた人   1人")
        assert (tmp_path / "letters.pdf").stat().st_mode & 0o777 == 0o600
        (asked,) = sitting.city.calls("PrintLetters")
        assert list(asked.states) == [1, 2]
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, LedgerScreen))
        await sitting.press("s")
        await sitting.sees("? 未一致 1件")
        await opened(sitting, "v", ProgressScreen)
        await sitting.sees("██████████████······  70%")
        assert is_whole(sitting)


async def test_a_rehearsal_tells_what_would_happen(tmp_path: Path) -> None:
    path = tmp_path / "kyonen.csv"
    path.write_bytes(b"x")
    async with signed_in(lambda city: city.add_program()) as sitting:
        await sitting.open("2")
        await opened(sitting, "e", RehearsalDialog)
        sitting.screen.query_one("#path").value = str(path)
        await sitting.press("enter")
        await sitting.sees("送信にかかる時間 1分35秒")
        await sitting.sees("手紙  384件")
        await sitting.sees("[はい]")
        assert is_whole(sitting)


async def test_a_resident_is_told_why_they_are_not_found() -> None:
    def fill(city: City) -> None:
        city.add_program()
        city.add_resident()

    async with signed_in(fill) as sitting:
        (resident,) = sitting.city.people.values()
        sitting.app.push_screen(ResidentScreen(sitting.app.desk, resident.resident_id))
        await sitting.until(lambda: isinstance(sitting.screen, ResidentScreen))
        await sitting.until(lambda: sitting.screen.resident is not None)
        await opened(sitting, "v", Ask)
        await act(sitting)
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("その日の名簿に見つかりません")
        await sitting.sees("窓口で名簿の記載を確かめる")
