"""Procedures from town to town by keys: a package is saved, taken in, and disputes are decided."""

import asyncio
from pathlib import Path

from core.callers import Role
from core.procedures.packages import create_key
from tests import town
from tests.core.procedures.authoring import SWIM, get, publish
from tests.core.procedures.two_towns import OKAYAMA, SOJA, exported
from tests.tui.real_core import asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from todoke.client import Core
from tui.dialogs.conflicts import DecideConflicts
from tui.dialogs.note import Note
from tui.screens.authoring import AuthoringScreen
from tui.screens.procedures import ProceduresScreen


async def saved_by(author: Core, path: Path) -> Path:
    """Save the package of another town, as it would be sent to us."""
    await asyncio.to_thread(path.write_bytes, (await exported(author)).package)
    return path


async def taken_in(sitting: Sitting, path: Path) -> None:
    await asking(sitting, "i")
    await fill_in(sitting, path=str(path))


async def read(sitting: Sitting) -> None:
    """Close what was told, and the source that opens after it."""
    await sitting.until(lambda: isinstance(sitting.screen, Note))
    await sitting.press("enter")
    await sitting.until(lambda: isinstance(sitting.screen, AuthoringScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)
    await sitting.press("escape")
    await sitting.until(lambda: isinstance(sitting.screen, ProceduresScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)


async def test_a_package_is_saved_and_each_dispute_over_it_is_decided(
    sqlite_database: str, tmp_path: Path
) -> None:
    keys = {code: tmp_path / f"{code}.jwk" for code in (SOJA, OKAYAMA)}
    publishers = {code: create_key(path) for code, path in keys.items()}
    a_town = await town.build(
        sqlite_database, tmp_path, procedure_keys=keys, procedure_publishers=publishers
    )
    try:
        await a_town.found(OKAYAMA, "岡山市")
        theirs = await a_town.staff(Role.PROCEDURE_AUTHOR, name="oka", municipality=OKAYAMA)
        ours = await a_town.staff(Role.PROCEDURE_AUTHOR, name="mori")
        await hire(a_town, "yuki", Role.PROCEDURE_AUTHOR)
        await publish(theirs)
        async with sat_down(a_town, "yuki") as sitting:
            await sitting.open("9")
            await taken_in(sitting, await saved_by(theirs, tmp_path / "first.todoke"))
            await sitting.sees("元 331007:1")
            await read(sitting)
            await publish(ours, SWIM.replace("most: 9", "most: 5").replace("おとな", "18歳以上"))
            await publish(theirs, SWIM.replace("most: 9", "most: 30").replace("おとな", "大人"))
            second = await saved_by(theirs, tmp_path / "second.todoke")
            await decided(sitting, second)
            await read(sitting)
            await handed_on(sitting, tmp_path)
        draft = (await get(ours, "swim")).draft.source
        assert "most: 30" in draft
        assert "label: 18歳以上" in draft
    finally:
        await a_town.close()


async def decided(sitting: Sitting, package: Path) -> None:
    """Look at both disputes, go back to the first, keep one text and take the other."""
    await taken_in(sitting, package)
    await sitting.until(lambda: isinstance(sitting.screen, DecideConflicts))
    await sitting.sees("両方が変えたところ 1/2: steps.who.choice.options.adult.label")
    for text in ("もと おとな", "こちら 18歳以上", "相手 大人"):
        await sitting.sees(text)
    await sitting.press("down", "enter")
    await sitting.sees("2/2: steps.how_many.number.most")
    await sitting.sees("もと 9")
    await sitting.press("left")
    await sitting.sees("1/2")
    await sitting.press("up", "enter")
    await sitting.sees("2/2")
    await sitting.press("escape")
    await sitting.until(lambda: isinstance(sitting.screen, ProceduresScreen))
    await sitting.until(lambda: not sitting.screen.live.loading)
    assert [one.draft for one in sitting.screen.live.shown if one.key == "swim"] == [None]
    await taken_in(sitting, package)
    await sitting.until(lambda: isinstance(sitting.screen, DecideConflicts))
    await sitting.press("enter")
    await sitting.sees("2/2")
    await sitting.press("down", "enter")
    await sitting.sees("こちらのまま 1か所、相手の文 1か所")
    await sitting.sees("≠ steps.who.choice.options.adult.label")


async def handed_on(sitting: Sitting, folder: Path) -> None:
    """Save the package of the version in force into a folder, under its own name."""
    at = next(at for at, one in enumerate(sitting.screen.live.shown) if one.key == "swim")
    sitting.screen.live.choose(at)
    await asking(sitting, "e")
    await fill_in(sitting, path=str(folder))
    await sitting.sees("配布物を保存しました")
    file = folder / "swim-332089-1.todoke"
    assert file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
