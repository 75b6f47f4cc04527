"""What reviewers take along by keys: the files of an answer, and the notice of a decision."""

import hashlib
from pathlib import Path

from core.callers import Role
from tests import town
from tests.cards import Cards
from tests.core.applications.desk import a_citizen
from tests.core.applications.files import HELMET, upload
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.attachments.files import a_photo
from tests.core.residents.makers import events_of
from tests.tui.real_core import act, asking, fill_in, hire, sat_down
from tests.tui.sitting import Sitting
from todoke.v1 import procedures_pb2
from tui.dialogs.note import Note
from tui.screens.application import ApplicationScreen


async def filed_with_a_photo(a_town: town.Town, cards: Cards) -> str:
    await publish(a_town, HELMET)
    talk: Talk = await a_citizen(a_town, cards)
    id = turn_id(await talk.begin("helmet"))
    await talk.answer(id, "shop", text="自転車店")
    sent = await upload(talk, id, "receipt", a_photo(), name="領収書.jpg")
    held = procedures_pb2.AttachedFiles(attachment_ids=[sent.attachment_id])
    await talk.answer(id, "receipt", files=held)
    await talk.say("なし")
    await talk.submit(id)
    return sent.file.sha256


async def test_an_answers_file_and_the_notice_are_saved_into_a_folder(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    a_town = await town.build(sqlite_database, tmp_path, **cards.settings)
    folder = tmp_path / "taken along"
    folder.mkdir()
    try:
        await hire(a_town, "sato", Role.REVIEWER)
        digest = await filed_with_a_photo(a_town, cards)
        async with sat_down(a_town, "sato") as sitting:
            await sitting.open("3")
            await sitting.until(lambda: len(sitting.screen.live.shown) == 1)
            await sitting.press("e")
            await sitting.until(lambda: "決定通知はまだありません" in sitting.toasts)
            await asking(sitting, "d", ApplicationScreen)
            await sitting.until(lambda: sitting.screen.live.shown)
            await saved(sitting, "領収書", folder)
            (photo,) = folder.iterdir()
            assert hashlib.sha256(photo.read_bytes()).hexdigest() == digest
            await asking(sitting, "a")
            await act(sitting)
            await sitting.until(lambda: "承認しました" in sitting.toasts)
            await asking(sitting, "e")
            await fill_in(sitting, path=str(folder))
            await sitting.until(lambda: isinstance(sitting.screen, Note))
            await sitting.sees("保存")
        (notice,) = set(folder.iterdir()) - {photo}
        assert notice.read_bytes().startswith(b"%PDF-")
        assert {one.stat().st_mode & 0o777 for one in folder.iterdir()} == {0o600}
        looked = [event.kind for event in await events_of(a_town, "attachment.viewed")]
        assert looked
    finally:
        await a_town.close()


async def saved(sitting: Sitting, label: str, folder: Path) -> None:
    """Save the file of the answer of a label."""
    at = next(
        at for at, line in enumerate(sitting.screen.live.shown)
        if line.label == label and not line.is_head
    )  # fmt: skip
    sitting.screen.live.choose(at)
    await sitting.pilot.pause()
    await asking(sitting, "d")
    await fill_in(sitting, path=str(folder / "none such" / "x.jpg"))
    await sitting.sees("フォルダ")
    await fill_in(sitting, path=str(folder))
    await sitting.until(lambda: isinstance(sitting.screen, Note))
    await sitting.press("enter")
    await sitting.until(lambda: isinstance(sitting.screen, ApplicationScreen))
