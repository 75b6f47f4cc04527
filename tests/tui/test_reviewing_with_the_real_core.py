"""Reviewing with the real core: taken, checked, compared, noted, sent back by steps, decided."""

from pathlib import Path

from core.callers import Role
from tests import town
from tests.cards import Cards
from tests.core.applications.desk import CLUB, a_citizen, filed
from tests.core.applications.procedures import publish
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.choose import Choose
from tui.screens.application import ApplicationScreen
from tui.screens.question import QuestionScreen


async def on_line(sitting: Sitting, label: str) -> None:
    """Go to the line of a label."""
    lines = list(sitting.screen.live.shown)
    at = next(at for at, line in enumerate(lines) if line.label == label and not line.is_head)
    sitting.screen.live.choose(at)
    await sitting.pilot.pause()


async def test_an_application_is_taken_checked_answered_noted_and_approved(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    a_town = await town.build(sqlite_database, tmp_path, **cards.settings)
    try:
        await hire(a_town, "sato", Role.REVIEWER)
        await hire(a_town, "suzuki", Role.REVIEWER)
        await publish(a_town, CLUB)
        await filed(await a_citizen(a_town, cards))
        async with sat_down(a_town, "sato") as sitting:
            await sitting.open("3")
            await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
            await asking(sitting, "m", Choose)
            await sitting.sees("suzuki さんに渡す")
            await sitting.press("enter")
            await sitting.sees("? 審査中")
            await narrowed_to_mine(sitting)
            await asking(sitting, "d", ApplicationScreen)
            await sitting.sees("担当 sato")
            await checked(sitting)
            await asking(sitting, "a")
            await sitting.press("right", "enter")
            await sitting.until(lambda: "承認しました" in sitting.toasts)
            await sitting.press("end")
            await sitting.sees("sato: 申請を承認")
    finally:
        await a_town.close()


async def narrowed_to_mine(sitting: Sitting) -> None:
    """Narrow the queue to what nobody has, then to one's own; it stays so on the way back."""
    await asking(sitting, "f")
    await fill_in(sitting, who="unassigned", procedure="club")
    await sitting.until(lambda: not sitting.screen.query("#field-who"))
    await sitting.until(lambda: not sitting.screen.live.shown)
    await asking(sitting, "f")
    assert sitting.screen.query_one("#field-procedure").value == "club"
    await fill_in(sitting, who="mine", before="R9.1.1")
    await sitting.until(lambda: not sitting.screen.query("#field-who"))
    await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
    await sitting.sees("条件で絞り込み中")


async def checked(sitting: Sitting) -> None:
    await sitting.sees("職員が答えます")
    await on_line(sitting, "指数")
    await asking(sitting, "d", QuestionScreen)
    await sitting.type("101")
    await sitting.press("enter")
    await sitting.sees("100 以下にしてください")
    await sitting.press("backspace", "backspace", "enter")
    await sitting.until(lambda: isinstance(sitting.screen, ApplicationScreen))
    await sitting.sees("points 2")
    for label in ("書類がそろっている", "学年が合っている"):
        await on_line(sitting, label)
        before = sitting.text.count("[X]")
        await sitting.press("space")
        await sitting.until(lambda before=before: sitting.text.count("[X]") == before + 1)
    await sitting.press("c")
    await sitting.sees("市の記録との照合")
    await on_line(sitting, "住所")
    await asking(sitting, "n")
    await fill_in(sitting, note_text="電話で学年を確かめた")
    await sitting.sees("電話で学年を確かめた")


async def test_only_the_ticked_steps_go_back_to_the_resident(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    a_town = await town.build(sqlite_database, tmp_path, **cards.settings)
    try:
        await hire(a_town, "sato", Role.REVIEWER)
        await publish(a_town, CLUB)
        await filed(await a_citizen(a_town, cards))
        async with sat_down(a_town, "sato") as sitting:
            await sitting.open("3")
            await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
            await asking(sitting, "b")
            sitting.screen.query_one("#field-step-days").value = True
            await fill_in(sitting, reason="日数を確かめてください")
            await sitting.until(lambda: "差し戻しました" in sitting.toasts)
            await sitting.press("s")
            await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
            await asking(sitting, "d", ApplicationScreen)
            await sitting.sees("← 日数")
            await asking(sitting, "w")
            await act(sitting)
            await sitting.sees("理由: 1〜500文字")
            await fill_in(sitting, reason="窓口で申し出")
            await sitting.sees("― 取下げ")
    finally:
        await a_town.close()
