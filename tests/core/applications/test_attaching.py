"""Files that residents send: taken for a step, named by its answer, shown to whom they concern."""

import asyncio
import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select, text

from channels.simulators.scanner.scanner import EICAR, Scanner
from core import attempts, crypto, rekeying
from core.applications.attaching import BOUND
from core.attachments.cleaning import NotTaken
from core.attachments.making import Maker
from core.attachments.rows import Attachment
from core.callers import Role
from core.opening import open_database
from tests.cards import Cards, a_holder
from tests.core.access.links import refused
from tests.core.applications.files import HELMET, download, upload
from tests.core.applications.procedures import publish
from tests.core.applications.talks import Talk, turn_id
from tests.core.attachments.files import a_pdf, a_photo
from tests.core.records.makers import delete, themselves
from tests.core.residents.makers import events_of, run_jobs
from tests.makers import a_contact, a_resident
from tests.town import MUNICIPALITY, Town, build, on_sqlite
from todoke.v1 import applications_pb2 as pb
from todoke.v1 import procedures_pb2

PHOTO = a_photo()


async def asked_for_a_receipt(town: Town, cards: Cards) -> tuple[Talk, str]:
    """A resident who has told the shop, and is asked for the receipt."""
    await publish(town, HELMET)
    return await another(town, cards)


async def another(town: Town, cards: Cards) -> tuple[Talk, str]:
    line = await town.channel("line")
    talk = Talk(line, (await a_resident(town, line, cards.issue(a_holder()))).external_id)
    id = turn_id(await talk.begin("helmet"))
    await talk.answer(id, "shop", text="自転車店")
    return talk, id


def files(*ids: str) -> procedures_pb2.AttachedFiles:
    return procedures_pb2.AttachedFiles(attachment_ids=ids)


async def kept(town: Town) -> int:
    return await town.read(lambda s: s.scalar(select(func.count()).select_from(Attachment)))


async def test_a_photograph_is_kept_without_its_place_and_shown_to_staff_and_its_resident(
    a_town: Town, cards: Cards
) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    reviewer = await a_town.staff(Role.REVIEWER)
    taken = await upload(talk, id, "receipt", PHOTO, name="../領収書.heic")
    await talk.answer(id, "receipt", files=files(taken.attachment_id))

    media_type, content = await download(reviewer, taken.attachment_id)
    own = await download(talk.core, taken.attachment_id, talk)
    other, _ = await another(a_town, cards)
    foreign = await refused(download(other.core, taken.attachment_id, other))
    looks = await events_of(a_town, "attachment.viewed")

    with Image.open(io.BytesIO(content)) as image:
        assert not image.getexif()
    assert own == (media_type, content) == ("image/jpeg", own[1])
    assert (taken.file.file_name, taken.file.size) == ("領収書.jpg", len(content))
    assert taken.file.sha256 == hashlib.sha256(content).hexdigest()
    assert not taken.scanned
    assert foreign.reason == "ATTACHMENT_UNKNOWN"
    assert [(one.actor.partition(":")[0], one.subject) for one in looks] == [
        ("staff", id), ("channel", id),
    ]  # fmt: skip


async def test_the_same_upload_twice_is_one_file(a_town: Town, cards: Cards) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    first, again = await asyncio.gather(
        *(upload(talk, id, "receipt", PHOTO, request_id="upload-1") for _ in range(2))
    )
    other = await refused(upload(talk, id, "receipt", a_photo("PNG"), request_id="upload-1"))
    assert first == again
    assert other.reason == "REQUEST_ID_REUSED"
    assert await kept(a_town) == 1


@on_sqlite
async def test_what_a_step_does_not_take_is_refused_with_what_is_wrong(
    a_town: Town, cards: Cards
) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    refusals = [
        await refused(upload(talk, id, "receipt", b"MZ not a photograph")),
        await refused(upload(talk, id, "receipt", a_pdf())),
        await refused(upload(talk, id, "receipt", PHOTO[:700])),
        await refused(upload(talk, id, "paper", a_pdf() + bytes(1 << 20))),
        await refused(upload(talk, id, "receipt", b"")),
    ]
    nowhere = await refused(upload(talk, id, "shop", PHOTO))
    number = await refused(upload(talk, id, "receipt", PHOTO, name="123456789018.jpg"))
    assert {one.reason for one in refusals} == {"ATTACHMENT_REFUSED"}
    assert [one.metadata["problem"] for one in refusals] == [
        "KIND", "KIND", "BROKEN", "TOO_LARGE", "EMPTY",
    ]  # fmt: skip
    assert refusals[3].metadata["limit"] == str(1 << 20)
    assert nowhere.reason == "ANSWER_NOT_OFFERED"
    assert number.reason == "MY_NUMBER_REFUSED"
    assert await kept(a_town) == 0


@on_sqlite
async def test_an_answer_names_only_files_of_its_own_step_and_application(
    a_town: Town, cards: Cards
) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    other, other_id = await another(a_town, cards)
    foreign = await upload(other, other_id, "receipt", PHOTO)
    elsewhere = await upload(talk, id, "paper", a_pdf())
    for taken in (foreign, elsewhere):
        said = await refused(talk.answer(id, "receipt", files=files(taken.attachment_id)))
        assert said.reason == "ATTACHMENT_UNKNOWN"


async def test_what_no_answer_names_is_deleted_after_a_day(a_town: Town, cards: Cards) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    named, unnamed, replaced = [
        (await upload(talk, id, "receipt", PHOTO)).attachment_id for _ in range(3)
    ]
    await talk.answer(id, "receipt", files=files(replaced))
    await talk.answer(id, "receipt", files=files(named))
    a_town.clock.pass_by(hours=23)
    before = (await run_jobs(a_town))["attachments"]
    a_town.clock.pass_by(hours=2)
    after = (await run_jobs(a_town))["attachments"]
    reviewer = await a_town.staff(Role.REVIEWER)

    assert (before, after) == ({}, {"deleted": 2})
    assert await download(reviewer, named)
    for gone in (unnamed, replaced):
        assert (await refused(download(reviewer, gone))).reason == "ATTACHMENT_UNKNOWN"


@on_sqlite
async def test_files_go_with_their_resident(a_town: Town, cards: Cards) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    await upload(talk, id, "receipt", PHOTO)
    await delete(talk.core, themselves(talk.external_id))
    assert await kept(a_town) == 0


@on_sqlite
async def test_files_are_sealed_anew_with_a_new_key(a_town: Town, cards: Cards) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    for _ in range(3):
        await upload(talk, id, "receipt", PHOTO)
    crypto.rotate_keys(a_town.settings.keys)
    vault = crypto.load_keys(a_town.settings.keys)
    after = open_database(a_town.settings, vault)
    done = {one.column: one.resealed async for one in rekeying.reseal(after)}
    prefixes = await after.read(
        lambda s: set(s.scalars(text("SELECT substr(content, 1, 5) FROM attachments")))
    )
    after.close()
    assert done["attachments.content"] == 3
    assert {bytes(prefix) for prefix in prefixes} == {vault.active_prefix}


async def test_a_scanner_is_asked_and_nothing_is_kept_while_it_is_away(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    scanner = Scanner()
    port = await scanner.start()
    town = await build(
        sqlite_database, tmp_path, virus_scanner=f"127.0.0.1:{port}", **cards.settings
    )
    talk, id = await asked_for_a_receipt(town, cards)
    clean = await upload(talk, id, "receipt", PHOTO)
    infected = await refused(upload(talk, id, "receipt", PHOTO + EICAR))
    await scanner.stop()
    away = await refused(upload(talk, id, "receipt", PHOTO, request_id="upload-9"))
    count = await kept(town)
    await scanner.start(port)
    later = await upload(talk, id, "receipt", PHOTO, request_id="upload-9")
    await scanner.stop()
    await town.close()

    assert (clean.scanned, later.scanned) == (True, True)
    assert infected.metadata["problem"] == "INFECTED"
    assert (away.reason, away.passing) == ("TRY_AGAIN", True)
    assert count == 1


@on_sqlite
async def test_a_contact_that_sends_without_end_is_stopped(a_town: Town, cards: Cards) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    contact_id = (await a_contact(a_town, talk.core, talk.external_id)).contact_id

    def count(session) -> None:
        now = a_town.clock()
        attempts.count(session, BOUND, MUNICIPALITY, contact_id, now, more=BOUND.most - 1)

    await a_town.running.db.write(count)
    assert (await refused(upload(talk, id, "receipt", b"MZ"))).reason == "ATTACHMENT_REFUSED"
    assert (await refused(upload(talk, id, "receipt", PHOTO))).reason == "TOO_MANY_ATTEMPTS"


@on_sqlite
async def test_a_filed_application_takes_no_more_files(a_town: Town, cards: Cards) -> None:
    talk, id = await asked_for_a_receipt(a_town, cards)
    taken = await upload(talk, id, "receipt", PHOTO)
    await talk.answer(id, "receipt", files=files(taken.attachment_id))
    await talk.answer(id, "paper", skipped=True)
    turn = await talk.submit(id)
    late = await refused(upload(talk, id, "receipt", PHOTO))
    assert turn.closing.state == pb.APPLICATION_STATE_SUBMITTED
    assert late.reason == "WRONG_STATE"


async def test_a_worker_that_takes_too_long_is_ended() -> None:

    with pytest.raises(NotTaken) as slow:
        await Maker(seconds=0.001).make(PHOTO, ["image/jpeg"])
    assert slow.value.problem == "TOO_LARGE"
