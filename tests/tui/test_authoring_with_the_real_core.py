"""Writing a procedure in the terminal with the real core: faults, trial, recording, publication."""

from pathlib import Path

from textual.widgets import TextArea

from core.callers import Role
from tests import town
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.note import Note
from tui.questions.box import Box
from tui.screens.authoring import AuthoringScreen
from tui.screens.walking import WalkScreen


async def rewritten(sitting: Sitting, old: str, new: str) -> None:
    """Change the source in its field, as typing does."""
    area = sitting.screen.query_one("#source", TextArea)
    at = area.text.index(old)
    line = area.text[:at].count("\n")
    column = at - (area.text.rfind("\n", 0, at) + 1)
    area.replace(new, (line, column), (line, column + len(old)))
    await sitting.pilot.pause()


async def test_a_procedure_is_begun_mended_tried_recorded_and_published(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_town = await town.build(sqlite_database, tmp_path)
    try:
        await hire(a_town, "yuki", Role.PROCEDURE_AUTHOR)
        async with sat_down(a_town, "yuki") as sitting:
            await sitting.open("9")
            await asking(sitting, "n")
            await fill_in(sitting, procedure_key="lost_pet", procedure_title="迷子のペット")
            await sitting.until(lambda: isinstance(sitting.screen, AuthoringScreen))
            await sitting.sees("直すところはありません")
            await sitting.sees("どのようなご用件ですか")
            await mended(sitting)
            await tried(sitting)
            await sitting.press("s")
            await sitting.until(lambda: "下書きを保存しました" in sitting.toasts)
            await sitting.until(lambda: "●未保存" not in sitting.text)
            await asking(sitting, "p")
            await fill_in(sitting, reason="受付を始める")
            await sitting.until(lambda: isinstance(sitting.screen, Note))
            await sitting.press("enter")
            await sitting.sees("迷子のペット")
            await sitting.sees("v1")
            await handed_on(sitting, tmp_path)
    finally:
        await a_town.close()


async def mended(sitting: Sitting) -> None:
    """Break the source, go to the fault by its line, and mend it."""
    await rewritten(sitting, "text: {lines: true, most: 500}", "texd: {}")
    await sitting.sees("× ")
    await sitting.sees("答えは残っています")
    await sitting.press("p")
    await sitting.until(lambda: "先に誤りを直してください" in sitting.toasts)
    await sitting.press("d")
    area = sitting.screen.query_one("#source", TextArea)
    await sitting.until(lambda: sitting.app.focused is area)
    assert area.cursor_location[0] == sitting.screen.live.shown[0].line - 1
    await rewritten(sitting, "texd: {}", "number: {least: 1, most: 9}")
    await rewritten(sitting, "answer: 相談したいことがあります。", "answer: 2")
    await sitting.sees("直すところはありません")
    await sitting.sees("再演 1件")
    await sitting.press("escape")
    await sitting.until(lambda: sitting.app.focused is sitting.screen.live)


async def tried(sitting: Sitting) -> None:
    """Walk through it, keep what was answered, and put it among the conversations."""
    await asking(sitting, "v", WalkScreen)
    await sitting.until(lambda: sitting.screen.query(Box))
    await sitting.type("3")
    await sitting.press("enter")
    await sitting.sees("出す前の確認")
    await sitting.press("pagedown", "enter")
    await sitting.until(lambda: isinstance(sitting.screen, AuthoringScreen))
    await sitting.sees("答え 1件")
    await asking(sitting, "y")
    await sitting.sees("step: purpose")
    await act(sitting)
    await sitting.sees("再演 2件")


async def handed_on(sitting: Sitting, folder: Path) -> None:
    """Take the source in again from a file: it is the draft then."""
    file = folder / "pet.yaml"
    file.write_text("key: lost_pet\ntitle: {ja: 直したもの}\n", encoding="utf-8")
    await asking(sitting, "i")
    await fill_in(sitting, path=str(file))
    await sitting.sees("「lost_pet」の下書きにしました")
    await sitting.press("enter")
    await sitting.until(lambda: isinstance(sitting.screen, AuthoringScreen))
    await sitting.sees("直したもの")


PHOTOGRAPHS = """
key: photographs
version: 1
title: {ja: 写真の届}
languages: [ja]
steps:
  - key: photos
    says: {ja: 写真を2枚送ってください。}
    label: {ja: 写真}
    photo: {least: 2, most: 3}
  - key: account
    says: {ja: 口座を教えてください。}
    label: {ja: 口座}
    account: {passbook: true}
  - key: sign
    says: {ja: 署名してください。}
    label: {ja: 署名}
    signature: {}
"""


async def test_a_trial_goes_past_photographs_without_sending_any(
    sqlite_database: str, tmp_path: Path
) -> None:
    a_town = await town.build(sqlite_database, tmp_path)
    (tmp_path / "photographs.yaml").write_text(PHOTOGRAPHS, encoding="utf-8")
    try:
        await hire(a_town, "yuki", Role.PROCEDURE_AUTHOR)
        async with sat_down(a_town, "yuki") as sitting:
            await sitting.open("9")
            await asking(sitting, "i")
            await fill_in(sitting, path=str(tmp_path / "photographs.yaml"))
            await sitting.sees("「photographs」の下書きにしました")
            await sitting.press("enter")
            await sitting.until(lambda: isinstance(sitting.screen, AuthoringScreen))
            await sitting.sees("写真を2枚送ってください")
            await asking(sitting, "v", WalkScreen)
            await sitting.sees("付けたことにする")
            await sitting.press("pagedown")
            await sitting.sees("答えを入力してください")
            await sitting.press("space", "pagedown")
            await sitting.sees("口座を教えてください")
            given = {"bank": "0001", "branch": "001", "account_number": "7654321"}
            for field, text in (given | {"holder_kana": "ソウジャ ハナコ"}).items():
                sitting.screen.query_one(f"#part-{field}").value = text
            sitting.screen.query_one("#part-passbook_attachment_id").focus()
            await sitting.press("space", "pagedown")
            await sitting.sees("署名してください")
            await sitting.press("space")
            await sitting.pilot.press_at_once("pagedown", "pagedown", "pagedown")
            await sitting.sees("出す前の確認")
            await sitting.sees("写真2枚")
    finally:
        await a_town.close()
