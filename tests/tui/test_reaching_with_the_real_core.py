"""The ledger, why one is entitled, rehearsals and crossings with the real core, by keys alone."""

from pathlib import Path

from core.callers import Role
from core.events import Event
from tests import makers, town
from tests.cards import Cards, a_holder
from tests.core.crossings.makers import Inside
from tests.core.eligibility.makers import a_file, a_row
from tests.core.ledger.makers import City, a_city
from tests.tui.real_core import act, asking, fill_in, hire, opened, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.note import Note
from tui.dialogs.rehearsal import RehearsalDialog
from tui.screens.crossing_dialogs import aloud
from tui.screens.crossings import CrossingsScreen
from tui.screens.ledger import LedgerScreen
from tui.screens.progress import ProgressScreen


async def looks(city: City, kind: str) -> int:
    """Count how often the audit log says that somebody looked."""
    work = lambda session: session.query(Event).filter(Event.kind == kind).count()  # noqa: E731
    return await city.town.read(work)


async def test_the_ledger_is_followed_counted_once_and_read_again_when_asked(
    hall: town.Town, cards: Cards, tmp_path: Path
) -> None:
    await hire(hall, "tanaka", Role.ELIGIBILITY)
    city = await a_city(hall, cards, here="12", absent="34")
    async with sat_down(hall, "tanaka") as sitting:
        await sitting.open("2")
        await asking(sitting, "o", LedgerScreen)
        await sitting.sees("すべて 4件")
        await sitting.sees("? 未一致 2")
        for heading in ("? 未一致 2件", "× 届かない 0件", "… 返事なし 2件"):
            await sitting.press("s")
            await sitting.sees(heading)
        await sitting.sees("案内はまだ送られていません")
        assert await looks(city, "ledger.counted") == 1

        await city.invite()
        await sitting.sees("変わりました。r で読み直せます")
        await sitting.press("r")
        await sitting.until(lambda: "変わりました" not in sitting.text)
        assert await looks(city, "ledger.counted") == 2

        await asking(sitting, "n")
        await fill_in(sitting, contact_clock="25:00")
        await sitting.sees("14:30 のように")
        await fill_in(sitting, contact_day="R8.11.20", contact_clock="9:05")
        await sitting.sees("11/20 09:05 電話")
        await asking(sitting, "e")
        await fill_in(sitting, path=str(tmp_path))
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("手紙             2通")
        letters = the_file_in(tmp_path, "letters-*.pdf")
        assert letters.read_bytes().startswith(b"%PDF")
        assert letters.stat().st_mode & 0o777 == 0o600
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, LedgerScreen))
        await asking(sitting, "v", ProgressScreen)
        await sitting.sees("対象 4件のうち返事 0件")


async def test_staff_are_told_why_a_resident_is_entitled_and_what_to_do(
    hall: town.Town, cards: Cards
) -> None:
    await hire(hall, "tanaka", Role.ELIGIBILITY)
    city = await a_city(hall, cards, here="1", absent="2")
    other = a_holder()
    await makers.a_resident(hall, city.line, cards.issue(other))
    async with sat_down(hall, "tanaka") as sitting:
        for holder, words in (
            (city.holders["1"], ("対象です", "案内をまだ送っていません")),
            (other, ("名簿に見つかりません", "名簿を直して差し替えます")),
        ):
            await opened(sitting, name=holder.name, birth_date=holder.birth_date.isoformat())
            await asking(sitting, "v")
            await act(sitting)
            await sitting.until(lambda: isinstance(sitting.screen, Note))
            for sentence in words:
                await sitting.sees(sentence)
            await sitting.press("escape", "escape")


async def test_a_rehearsal_on_last_years_list_says_which_way_each_would_go(
    hall: town.Town, cards: Cards, tmp_path: Path
) -> None:
    await hire(hall, "tanaka", Role.ELIGIBILITY)
    city = await a_city(hall, cards, here="1", absent="2")
    path = tmp_path / "kyonen.csv"
    rows = (a_row(holder, one) for one, holder in city.holders.items())
    path.write_bytes(a_file(*rows, a_row(a_holder(), "3", amount="九万円")))
    async with sat_down(hall, "tanaka") as sitting:
        await sitting.open("2")
        await asking(sitting, "e", RehearsalDialog)
        sitting.screen.query_one("#path").value = str(path)
        await sitting.press("enter")
        await sitting.sees("取り込めない所 1")
        await sitting.sees("登録した人に見つからず、手紙で知らせる 1件")
        await sitting.sees("金額として読めません")


async def test_registrations_cross_by_two_people_once_an_administrator_has_set_the_key(
    hall: town.Town, tmp_path: Path
) -> None:
    await hire(hall, "kanri", Role.ADMINISTRATOR)
    for name in ("tanaka", "nakano"):
        await hire(hall, name, Role.ELIGIBILITY)
    await makers.a_program(await hall.staff())
    inside = Inside(tmp_path)
    key = inside.new_key()

    async with sat_down(hall, "kanri") as sitting:
        await at_crossings(sitting)
        await asking(sitting, "o")
        await fill_in(sitting, public_key="x" * 40, reason="運用開始")
        await sitting.sees("これは公開鍵ではありません")
        await fill_in(sitting, public_key=key, reason="運用開始")
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("4文字ずつ声に出して")
    async with sat_down(hall, "tanaka") as sitting:
        await at_crossings(sitting)
        await asking(sitting, "n")
        await fill_in(sitting, reason="突合のため")
        await sitting.sees("→ 書出")
        await sitting.press("a")
        await sitting.until(lambda: "同じ人が二度行うことはできません" in sitting.toasts)
    async with sat_down(hall, "nakano") as sitting:
        await at_crossings(sitting)
        await asking(sitting, "a")
        await sitting.sees("tanakaさんが")
        await act(sitting)
        await sitting.sees("○ 承認済")
        await asking(sitting, "e")
        await fill_in(sitting, path=str(tmp_path))
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.press("enter")
        await sitting.sees("◎ 済")
        answer = tmp_path / "links.csv"
        answer.write_bytes(inside.answer(the_file_in(tmp_path, "registrations-*").read_bytes()))
        await asking(sitting, "i")
        await fill_in(sitting, path=str(answer))
        await sitting.until(lambda: isinstance(sitting.screen, Note))
        await sitting.sees("結ぶ組        0件")
        await sitting.press("enter")
        await sitting.sees("← 取込")


async def at_crossings(sitting: Sitting) -> None:
    await sitting.open("2")
    await asking(sitting, "c", CrossingsScreen)
    await sitting.until(lambda: not sitting.screen.live.loading)


def the_file_in(folder: Path, named: str) -> Path:
    (saved,) = folder.glob(named)
    return saved


def test_a_fingerprint_is_read_aloud_by_four_letters() -> None:
    first, *_ = aloud("0123456789abcdef" * 4).splitlines()
    assert first == "  ".join(["0123", "4567", "89ab", "cdef"] * 2)
