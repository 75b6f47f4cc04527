"""Photographs and files that staff give for an answer: chosen, sent, refused, taken off, filed."""

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from textual.widgets import OptionList

from core.applications.rows import Application
from core.attachments.rows import Attachment
from core.callers import Role
from tests import makers, town
from tests.cards import Cards, a_holder
from tests.core.applications.procedures import publish
from tests.core.attachments.files import a_pdf, a_photo
from tests.tui.real_core import fill_in, hire, opened, sat_down
from tests.tui.sitting import Sitting
from tests.tui.test_entering_with_the_real_core import asked, part
from tui.dialogs.ask import Ask
from tui.dialogs.choose import Choose
from tui.questions.file_field import Held
from tui.screens.walking import WalkScreen

PAPERS = """
key: papers
version: 1
title: {ja: 書類の届}
languages: [ja]
steps:
  - key: receipts
    says: {ja: 領収書の写真を付けてください。}
    label: {ja: 領収書}
    photo: {most: 2, megabytes: 1}
  - key: paper
    says: {ja: 申立書を付けてください。}
    label: {ja: 申立書}
    file: {types: [pdf]}
"""
ACCOUNT = """
key: to_an_account
version: 1
title: {ja: 振込先の届}
languages: [ja]
steps:
  - key: account
    says: {ja: 口座を教えてください。}
    label: {ja: 口座}
    account: {passbook: true}
"""


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """The folder of the scanner: the newest file is the receipt."""
    folder = tmp_path / "scans"
    (folder / "older").mkdir(parents=True)
    files = {
        "passbook.png": a_photo("PNG"), "broken.jpg": a_photo()[:700], "statement.pdf": a_pdf(),
        "large.jpg": a_photo() + bytes(1 << 20), "notes.txt": b"MZ",
        "older/last_year.jpg": a_photo(),
        "receipt.jpg": a_photo(),
    }  # fmt: skip
    for at, (name, content) in enumerate(files.items()):
        (folder / name).write_bytes(content)
        os.utime(folder / name, (1_790_000_000 + at, 1_790_000_000 + at))
    return folder


@pytest.fixture
async def desk(sqlite_database: str, tmp_path: Path, cards: Cards) -> AsyncIterator[town.Town]:
    built = await town.build(sqlite_database, tmp_path, **cards.settings)
    await hire(built, "hara", Role.COUNTER, Role.REVIEWER)
    yield built
    await built.close()


async def begun(sitting: Sitting, title: str) -> None:
    """From the queue to the first question, for somebody who is not registered."""
    await sitting.open("3")
    await sitting.press("n")
    await chosen(sitting, title)


async def chosen(sitting: Sitting, title: str) -> None:
    """Choose what is applied for by its name, and tell when it came."""
    await sitting.until(lambda: isinstance(sitting.screen, Choose))
    await sitting.type(title)
    await sitting.until(lambda: len(sitting.screen.query_one(OptionList).options) == 1)
    await sitting.press("enter")
    await sitting.until(lambda: isinstance(sitting.screen, Ask))
    await fill_in(sitting, receive_date="R8.11.24")
    await sitting.until(lambda: isinstance(sitting.screen, WalkScreen))


async def taken(sitting: Sitting, *names: str, field: str = "files") -> None:
    """Wait until these files stand as taken, and nothing is written any more."""
    held = sitting.screen.query_one(Held)
    await sitting.until(lambda: [str(one.prompt).split()[1] for one in held.options] == list(names))
    assert not part(sitting, field).value


async def give(sitting: Sitting, path: Path | str) -> None:
    await sitting.type(str(path))
    await sitting.press("enter")


async def clear(sitting: Sitting) -> None:
    await sitting.press("end", "ctrl+u")


async def test_receipts_are_chosen_from_the_scans_sent_taken_off_and_filed(
    desk: town.Town, scans: Path
) -> None:
    await publish(desk, PAPERS)
    async with sat_down(desk, "hara") as sitting:
        await begun(sitting, "書類の届")
        await asked(sitting, "領収書の写真を")
        await sitting.sees("JPEG、PNG、WebP 1〜2点 1点1MBまで")
        await sitting.type(f"{scans}/")
        await sitting.sees("receipt.jpg")
        rows = [line for line in sitting.lines if ".jpg" in line or ".png" in line or "../" in line]
        # The newest first, then folders; what the question does not take is not there.
        assert [row.split()[1] for row in rows] == [
            "receipt.jpg", "large.jpg", "broken.jpg", "passbook.png", "../",
        ]  # fmt: skip
        assert "notes" not in sitting.text
        await sitting.press("enter")
        await taken(sitting, "receipt.jpg")
        # The folder is known now: it is listed, and names are enough.
        await sitting.press("down")
        await sitting.sees("large.jpg")
        await give(sitting, "last")
        await sitting.sees("合うファイルはありません")
        await sitting.sees("ファイルがありません")
        await clear(sitting)
        await give(sitting, "older")
        await sitting.sees("last_year.jpg")
        await sitting.press("enter")
        await taken(sitting, "receipt.jpg", "last_year.jpg")
        await give(sitting, scans / "passbook.png")
        await sitting.sees("2点までです")
        await clear(sitting)
        await sitting.press("tab", "up", "delete")
        await taken(sitting, "last_year.jpg")
        await sitting.press("pagedown")

        await asked(sitting, "申立書を付けてください")
        await sitting.press("pageup")
        await asked(sitting, "領収書の写真を")
        await taken(sitting, "last_year.jpg")
        await sitting.press("enter")
        await asked(sitting, "申立書を付けてください")
        await give(sitting, scans / "statement.pdf")
        await taken(sitting, "statement.pdf")
        await sitting.press("enter")
        await sitting.sees("出す前の確認")
        await sitting.press("pagedown", "enter")
        await sitting.until(lambda: "受け付けました" in sitting.toasts)

    query = select(Attachment).where(Attachment.named)
    kept = {one.id: one.file_name for one in await desk.read(lambda s: s.scalars(query).all())}
    row = await desk.read(lambda s: s.scalars(select(Application)).one())
    answers = json.loads(row.answers_json)
    assert [kept[id] for key in ("receipts", "paper") for id in answers[key]] == [
        "last_year.jpg", "statement.pdf",
    ]  # fmt: skip


async def test_what_is_not_taken_is_said_at_its_field_and_can_be_mended(
    desk: town.Town, scans: Path
) -> None:
    await publish(desk, PAPERS)
    wrong = {
        "large.jpg": "1点1MBまでです",
        "broken.jpg": "ファイルが壊れていて開けません",
        "statement.pdf": "受け取れる種類のファイルではありません",
        "nowhere.jpg": "ファイルがありません",
    }
    async with sat_down(desk, "hara") as sitting:
        await begun(sitting, "書類の届")
        await asked(sitting, "領収書の写真を")
        for name, told in wrong.items():
            await give(sitting, scans / name)
            await sitting.sees(told)
            field = part(sitting, "files")
            assert field.has_class("-wrong")
            assert field.has_focus
            assert field.value == str(scans / name)
            await clear(sitting)
        await sitting.type(str(scans / "receipt.jpg"))
        await sitting.press("pagedown")
        await sitting.sees("まだ付けていません")
        await sitting.press("enter")
        await taken(sitting, "receipt.jpg")
        assert "まだ付けていません" not in sitting.text
        assert not part(sitting, "files").has_class("-wrong")


async def test_the_passbook_is_photographed_beside_the_account(
    desk: town.Town, scans: Path, cards: Cards
) -> None:
    await publish(desk, ACCOUNT)
    clerk = await desk.staff()
    await makers.a_program(clerk, procedure="to_an_account", open_to_all=True)
    line = await desk.channel()
    await makers.a_resident(desk, line, cards.issue(a_holder(name="総社　春子")))
    async with sat_down(desk, "hara") as sitting:
        await opened(sitting, name="総社 春子")
        await sitting.press("n")
        await chosen(sitting, "物価高騰対応給付金")
        await asked(sitting, "口座を教えてください")
        await sitting.press("tab")
        await sitting.type("0001")
        await sitting.sees("みずほ銀行 0001")
        await sitting.press("enter")
        await sitting.until(lambda: part(sitting, "branch").has_focus)
        await sitting.type("001")
        await sitting.sees("東京営業部 001")
        await sitting.press("enter")
        await sitting.until(lambda: part(sitting, "account_type").has_focus)
        await sitting.press("tab")
        await sitting.type("7654321")
        await sitting.press("enter")
        await sitting.type("ソウジャ ハルコ")
        await sitting.press("enter")
        await sitting.until(lambda: part(sitting, "passbook_attachment_id").has_focus)
        for name in ("receipt.jpg", "passbook.png"):
            # One is enough: the second takes the place of the first.
            await give(sitting, scans / name)
            await taken(sitting, name, field="passbook_attachment_id")
        await sitting.press("enter")
        await sitting.sees("出す前の確認")
        await sitting.press("pagedown", "enter")
        await sitting.until(lambda: "受け付けました" in sitting.toasts)

    query = select(Attachment).where(Attachment.named)
    photo = await desk.read(lambda s: s.scalars(query).one())
    row = await desk.read(lambda s: s.scalars(select(Application)).one())
    assert photo.file_name == "passbook.jpg"
    assert json.loads(row.payee_json)["passbook_attachment_id"] == photo.id
