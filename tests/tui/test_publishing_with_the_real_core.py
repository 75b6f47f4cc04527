"""A version by keys: waiting for its time, in force by the clock, and retired."""

from pathlib import Path

from core.callers import Role
from tests import town
from tests.core.procedures.authoring import SWIM, publish, save
from tests.tui.real_core import asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tui.screens.procedure_versions import ProcedureVersionsScreen
from tui.screens.procedures import Known, ProceduresScreen


def swim(sitting: Sitting) -> Known | None:
    return next((one for one in sitting.screen.live.shown if one.key == "swim"), None)


async def on_swim(sitting: Sitting) -> None:
    """Open the list anew, and go to the procedure."""
    await sitting.open("9")
    rows = list(sitting.screen.live.shown)
    sitting.screen.live.choose(next(at for at, one in enumerate(rows) if one.key == "swim"))
    await sitting.pilot.pause()


async def test_a_version_waits_for_its_time_is_in_force_by_the_clock_and_retired(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_town = await town.build(sqlite_database, tmp_path)
    try:
        author = await a_town.staff(Role.PROCEDURE_AUTHOR, name="mori")
        await hire(a_town, "yuki", Role.PROCEDURE_AUTHOR)
        await publish(author)
        await save(author, SWIM.replace("水泳教室", "夏の水泳教室"))
        async with sat_down(a_town, "yuki") as sitting:
            await on_swim(sitting)
            await scheduled(sitting)
            a_town.clock.pass_by(hours=2, minutes=1)
            await on_swim(sitting)
            assert (swim(sitting).procedure.version, swim(sitting).title) == (2, "夏の水泳教室")
            assert swim(sitting).waiting is None
            await asking(sitting, "z")
            await fill_in(sitting, reason="")
            await sitting.sees("理由")
            await fill_in(sitting, reason="夏が終わった")
            await sitting.until(lambda: "廃止しました" in sitting.toasts)
            await sitting.until(lambda: swim(sitting) is None)
    finally:
        await a_town.close()


async def scheduled(sitting: Sitting) -> None:
    """Publish for noon of the day, which is ten o'clock now; until then the first is in force."""
    await asking(sitting, "p")
    await fill_in(sitting, reason="夏から", publish_date="R8.11.24", publish_clock="25:00")
    await sitting.sees("時刻")
    await fill_in(sitting, publish_clock="12:00")
    await sitting.until(lambda: "公開しました" in sitting.toasts)
    await sitting.until(lambda: isinstance(sitting.screen, ProceduresScreen))
    await sitting.until(lambda: swim(sitting) and swim(sitting).draft is None)
    assert (swim(sitting).procedure.version, swim(sitting).title) == (1, "水泳教室")
    await on_swim(sitting)
    await sitting.sees("v1 ◷")
    await sitting.sees("予定 11/24 12:00 から v2")
    await asking(sitting, "l", ProcedureVersionsScreen)
    await sitting.until(lambda: [one.version for one in sitting.screen.live.shown] == [2, 1])
    await sitting.sees("11/24 12:00")
    await sitting.press("escape")
    await sitting.until(lambda: isinstance(sitting.screen, ProceduresScreen))
