"""Files of what came on paper: uploaded by staff at the counter, given to what they file."""

from sqlalchemy import select

from core import attempts
from core.applications.entry_files import BOUND
from core.attachments.rows import Attachment
from core.callers import Role
from tests.cards import Cards
from tests.core.access.links import refused
from tests.core.applications.desk import a_reviewer
from tests.core.applications.files import HELMET, download
from tests.core.applications.procedures import publish
from tests.core.applications.test_attaching import files, kept
from tests.core.applications.test_entering import DAY, enter
from tests.core.attachments.files import a_pdf, a_photo
from tests.core.residents.makers import events_of, run_jobs
from tests.makers import a_program, a_request_id, a_resident
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import Core
from todoke.v1 import applications_pb2 as pb

PHOTO = a_photo()
SHOP = ("shop", {"text": "自転車店"})
SKIPPED = {"skipped": True}
PASSBOOK = """
key: passbook
version: 1
title: {ja: 口座の届}
languages: [ja]
steps:
  - key: account
    says: {ja: 口座を教えてください。}
    label: {ja: 口座}
    account: {passbook: true}
"""
ACCOUNT = {
    "bank": "0001", "branch": "001", "account_type": 1, "account_number": "7654321",
    "holder_kana": "ソウジャ ハナコ",
}  # fmt: skip


async def bring(
    core: Core, step: str = "receipt", content: bytes = PHOTO, *, request_id: str = "", **what: str
) -> pb.UploadEntryAttachmentResponse:
    """Upload a file for what is being entered."""
    if "program_id" not in what:
        what = {"procedure": "helmet", **what}
    header = pb.EntryAttachmentHeader(
        step=step, request_id=request_id or a_request_id(),
        **{"file_name": "領収書.jpg", "receive_date": DAY, **what},
    )  # fmt: skip

    async def stream():
        yield pb.UploadEntryAttachmentRequest(header=header)
        for start in range(0, len(content), 65536):
            yield pb.UploadEntryAttachmentRequest(chunk=content[start : start + 65536])

    return await core.upload(core.applications.UploadEntryAttachment, stream())


@on_sqlite
async def test_files_that_staff_bring_are_made_anew_and_go_with_what_they_file(
    a_town: Town, cards: Cards
) -> None:
    await publish(a_town, HELMET)
    clerk = (await a_reviewer(a_town, "sato", Role.COUNTER)).core
    reviewer = (await a_reviewer(a_town, "suzuki")).core
    line = await a_town.channel("line")
    resident = await a_resident(a_town, line, cards.issue())
    whose = {"resident_id": resident.resident_id}
    first, second = [(await bring(clerk, **whose)).attachment_id for _ in range(2)]
    paper = await bring(clerk, "paper", a_pdf(), file_name="../紙.PDF")
    same = [await bring(clerk, request_id="upload-1", **whose) for _ in range(2)]
    early = await refused(download(reviewer, first))
    answers = [
        SHOP, ("receipt", {"files": files(first, second)}),
        ("paper", {"files": files(paper.attachment_id)}),
    ]  # fmt: skip
    done = await enter(clerk, *answers, procedure="helmet", request_id="entry-01", **whose)
    again = await enter(clerk, *answers, procedure="helmet", request_id="entry-01", **whose)
    media_type, content = await download(reviewer, first)
    size = same[0].file.size
    a_town.clock.pass_by(hours=25)
    swept = (await run_jobs(a_town))["attachments"]
    looks, entered = [await events_of(a_town, one) for one in (
        "attachment.entered", "application.entered",
    )]  # fmt: skip

    assert paper.file.file_name == "紙.pdf"
    assert same[0] == same[1]
    assert early.reason == "ATTACHMENT_UNKNOWN"
    assert again == done
    assert (media_type, len(content)) == ("image/jpeg", size)
    assert swept == {"deleted": 1}
    assert [one.on_behalf_of for one in looks] == [resident.resident_id] * 2 + ["", *whose.values()]
    assert looks[0].details == {"procedure": "helmet", "step": "receipt"}
    assert looks[0].subject == first
    assert entered[0].details["files"] == "3"


@on_sqlite
async def test_nobody_files_what_somebody_else_brought_or_what_was_brought_for_another_step(
    a_town: Town,
) -> None:
    await publish(a_town, HELMET, HELMET.replace("key: helmet", "key: hood"))
    clerk = await a_town.staff(Role.COUNTER)
    other = (await a_reviewer(a_town, "sato", Role.COUNTER)).core
    theirs = await bring(other)
    elsewhere = await bring(clerk, "paper", a_pdf())
    of_another = await bring(clerk, procedure="hood")
    own = await bring(clerk)
    filed = await enter(
        clerk, SHOP, ("receipt", {"files": files(own.attachment_id)}), ("paper", SKIPPED),
        procedure="helmet",
    )  # fmt: skip
    unknown = "00000000-0000-4000-8000-000000000000"

    assert filed.application.state == pb.APPLICATION_STATE_SUBMITTED
    taken = (theirs, elsewhere, of_another, own)
    for id in (*(one.attachment_id for one in taken), unknown):
        receipt = ("receipt", {"files": files(id)})
        asked = await refused(enter(clerk, SHOP, receipt, procedure="helmet"))
        done = await refused(enter(clerk, SHOP, receipt, ("paper", SKIPPED), procedure="helmet"))
        assert (asked.reason, done.reason) == ("ATTACHMENT_UNKNOWN", "ATTACHMENT_UNKNOWN")


@on_sqlite
async def test_what_a_step_does_not_take_is_refused_to_staff_as_to_residents(
    a_town: Town,
) -> None:
    await publish(a_town, HELMET)
    clerk = await a_town.staff(Role.COUNTER)
    reviewer = await a_town.staff(Role.REVIEWER)
    refusals = [
        await refused(bring(clerk, content=b"MZ not a photograph")),
        await refused(bring(clerk, content=a_pdf())),
        await refused(bring(clerk, "paper", a_pdf() + bytes(1 << 20))),
        await refused(bring(clerk, content=b"")),
    ]
    nowhere = await refused(bring(clerk, "shop"))
    number = await refused(bring(clerk, file_name="123456789018.jpg"))
    later = await refused(bring(clerk, receive_date="2027-01-01"))
    foreign = await refused(bring(reviewer))

    assert [one.metadata["problem"] for one in refusals] == ["KIND", "KIND", "TOO_LARGE", "EMPTY"]
    assert nowhere.reason == "ANSWER_NOT_OFFERED"
    assert number.reason == "MY_NUMBER_REFUSED"
    assert later.reason == "FIELD_INVALID"
    assert foreign.reason == "CALLER_NOT_ALLOWED"
    assert await kept(a_town) == 0


@on_sqlite
async def test_the_passbook_is_photographed_or_lies_in_the_file(a_town: Town) -> None:
    await publish(a_town, PASSBOOK)
    clerk = await a_town.staff(Role.COUNTER)
    program = await a_program(await a_town.staff(), procedure="passbook", open_to_all=True)
    what = {"program_id": program.program_id}
    photo = (await bring(clerk, "account", **what)).attachment_id
    asked = await enter(clerk, **what)
    with_it = {"account": {**ACCOUNT, "passbook_attachment_id": photo}}
    done = [await enter(clerk, ("account", one), **what) for one in (with_it, {"account": ACCOUNT})]

    assert asked.prompt.input.account.passbook
    assert {one.application.state for one in done} == {pb.APPLICATION_STATE_SUBMITTED}
    assert await download(await a_town.staff(Role.REVIEWER), photo)


@on_sqlite
async def test_one_of_the_staff_who_sends_without_end_is_stopped(a_town: Town) -> None:
    await publish(a_town, HELMET)
    sato = await a_reviewer(a_town, "sato", Role.COUNTER)
    first = await bring(sato.core)
    query = select(Attachment.entered_by)
    (staff_id,) = await a_town.read(lambda s: s.scalars(query).all())

    def count(session) -> None:
        now = a_town.clock()
        attempts.count(session, BOUND, MUNICIPALITY, staff_id, now, more=BOUND.most - 1)

    await a_town.running.db.write(count)
    assert not first.scanned
    assert (await refused(bring(sato.core))).reason == "TOO_MANY_ATTEMPTS"
