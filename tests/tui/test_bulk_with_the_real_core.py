"""Deciding many by keys, with the real core: narrowed, tried, counted, watched, paused, saved."""

from pathlib import Path

from sqlalchemy import select

from core.applications.rows import Application
from core.applications.rules import State
from core.callers import Role
from tests import town
from tests.cards import Cards
from tests.core.applications.many import filed
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.refusals import RefusalsDialog
from tui.screens.bulk import BulkScreen

NUMBER = 25


async def begun(sitting: Sitting, program_id: str) -> None:
    """Narrow the queue to a program, try to approve what waits, and type how many there are."""
    await sitting.open("3")
    await asking(sitting, "f")
    await fill_in(sitting, program_id=program_id)
    await sitting.until(lambda: not sitting.screen.query("#field-program_id"))
    await sitting.until(lambda: len(sitting.screen.live.shown) == NUMBER)
    await asking(sitting, "v")
    await sitting.sees(f"見えている {NUMBER}件")
    await act(sitting)
    await sitting.until(lambda: sitting.screen.query("#field-bulk_count"))
    await sitting.sees(f"{NUMBER}件のうち {NUMBER}件を見て、決められるもの {NUMBER - 1}件")
    await fill_in(sitting, bulk_count=f"{NUMBER}")
    await sitting.until(lambda: isinstance(sitting.screen, BulkScreen))


async def test_many_are_tried_counted_paused_decided_and_the_rest_is_saved(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    a_town = await town.build(sqlite_database, tmp_path, **cards.settings)
    try:
        await a_town.running.jobs.stop()
        clerk = await a_town.staff(Role.ELIGIBILITY, name="clerk")
        program_id = await filed(a_town, clerk, NUMBER, registered=True, bank="9999")
        first = await a_town.read(
            lambda s: s.scalars(select(Application.id).order_by(Application.id)).first()
        )
        await hire(a_town, "sato", Role.REVIEWER)
        async with sat_down(a_town, "sato") as sitting:
            await begun(sitting, program_id)
            await sitting.sees("… 進行中")
            await sitting.press("p")
            await sitting.sees("Ⅱ 一時停止")
            await a_town.do_waiting()
            await sitting.sees(f"0/{NUMBER}")
            await sitting.press("p")
            await sitting.sees("… 進行中")
            await a_town.do_waiting()
            await sitting.sees("○ 終了")
            await sitting.sees(f"{NUMBER - 1}/{NUMBER}")
            await asking(sitting, "d", RefusalsDialog)
            await sitting.sees(first)
            await sitting.press("s")
            await sitting.until(lambda: sitting.screen.query("#field-path"))
            await fill_in(sitting, path=f"{tmp_path / 'left.csv'}")
            await sitting.until(lambda: "left.csv に保存しました" in sitting.toasts)
        states = await a_town.read(lambda s: list(s.scalars(select(Application.state))))
    finally:
        await a_town.close()

    lines = (tmp_path / "left.csv").read_text(encoding="utf-8-sig").splitlines()
    assert states.count(State.APPROVED) == NUMBER - 1
    assert len(lines) == 2
    assert lines[1].startswith(f"{first},BANK_UNKNOWN,")
