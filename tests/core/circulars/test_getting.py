"""A circular whole, for whoever may see who has read it; and files that are no harmless ones."""

import io

import pikepdf
import pytest
from PIL import Image
from sqlalchemy.orm import Session

from core.callers import the_core
from core.circulars.files import count
from tests.core.associations.makers import Neighbour, appoint
from tests.core.attachments import files
from tests.core.circulars.makers import Block, a_block, refusal_of
from tests.core.circulars.test_files import a_pdf, an_image, download, upload
from tests.town import MUNICIPALITY, Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb

REFUSED = {
    "KIND": b"MZ no document",
    "BROKEN": files.a_photo()[:300],
    "PROTECTED": files.a_pdf(encryption=pikepdf.Encryption(owner="o", user="u")),
    "TOO_MANY_PAGES": files.a_pdf(pages=51),
}


async def get(block: Block, by, circular_id: str) -> pb.Circular:
    request = pb.GetCircularRequest(speaker=by.speaker, circular_id=circular_id)
    return (await block.line.ask(block.line.circulars.GetCircular, request)).circular


@on_sqlite
async def test_an_officer_gets_it_whole_and_nothing_is_written_down(a_town: Town) -> None:
    block = await a_block(a_town)
    chair, head = block.of.chair, block.of.members[1]
    group = block.of.groups[0]
    await appoint(
        a_town, block.staff, block.of, head, pb.OFFICE_KIND_GROUP_HEAD, group_id=group.group_id
    )
    file = await upload(block, chair, an_image(), "地図.jpg")
    everybody = await block.send(file_ids=[file.file_id])
    groups = await block.send(head, targets=pb.Targets(group_ids=[group.group_id]))
    await block.answer(block.of.plain, everybody.circular_id)

    whole = await get(block, chair, everybody.circular_id)
    of_head = await get(block, head, everybody.circular_id)
    own = await get(block, head, groups.circular_id)

    assert whole.content.body == "日曜日に公園を清掃します。"
    assert [(one.file_id, one.pages) for one in whole.files] == [(file.file_id, 1)]
    assert (whole.households, whole.read, whole.targets.everybody) == (4, 2, True)
    # Of other groups the head learns neither how many read nor that it is for them.
    assert (of_head.households, of_head.read) == (2, 1)
    assert not of_head.HasField("targets")
    assert list(own.targets.group_ids) == [group.group_id]
    assert (whole.can_change, of_head.can_change, own.can_change) == (True, False, True)
    assert (await get(block, chair, everybody.circular_id)).read == 2


@on_sqlite
async def test_a_draft_is_its_authors_and_of_chair_and_vice(a_town: Town) -> None:
    block = await a_block(a_town)
    head, vice = block.of.members[1:3]
    group = block.of.groups[0]
    await appoint(
        a_town, block.staff, block.of, head, pb.OFFICE_KIND_GROUP_HEAD, group_id=group.group_id
    )
    await appoint(a_town, block.staff, block.of, vice, pb.OFFICE_KIND_VICE)
    of_chair = await block.save(block.of.chair)
    of_head = await block.save(head, targets=pb.Targets(group_ids=[group.group_id]))

    assert (await get(block, vice, of_chair.circular_id)).state == pb.CIRCULAR_STATE_DRAFT
    assert (await get(block, head, of_head.circular_id)).etag == of_head.etag
    for by in (head, block.of.plain):
        with pytest.raises(CoreError, match="CIRCULAR_UNKNOWN"):
            await get(block, by, of_chair.circular_id)


@on_sqlite
async def test_what_is_uploaded_tells_no_place_and_does_nothing(a_town: Town) -> None:
    block = await a_block(a_town)
    chair = block.of.chair
    photo = await upload(block, chair, files.a_photo(), "写真.jpg")
    document = await upload(block, chair, files.a_pdf(pages=2))
    numbered = await upload(block, chair, a_pdf("番号は 123456789018 です"))
    sent = await block.send(file_ids=[photo.file_id, document.file_id, numbered.file_id], body="")

    _, made = await download(block, block.of.plain, photo.file_id)
    with Image.open(io.BytesIO(made)) as image:
        assert (image.size, dict(image.getexif())) == ((48, 64), {})
    _, made = await download(block, block.of.plain, document.file_id)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert set(pdf.Root.keys()) == {"/Pages", "/Type"}
    shown = await get(block, chair, sent.circular_id)
    [text] = [one.text for one in shown.files if one.file_id == numbered.file_id]
    assert "123456789018" not in text
    assert [one.pages for one in shown.files] == [1, 2, 2]
    with pytest.raises(CoreError, match="ATTACHMENT_UNKNOWN"):
        await download(block, block.of.plain, document.file_id, 3)


def sent_today(session: Session, who: Neighbour, number: int, town: Town) -> None:
    """Count uploads as if they had been made: each takes a process of its own."""
    for _ in range(number):
        count(session, the_core(MUNICIPALITY), who.member_id, town.clock())


@on_sqlite
async def test_what_cannot_be_taken_is_refused_by_its_problem_and_so_is_the_hundred_and_first(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, vice = block.of.members[:2]
    await appoint(a_town, block.staff, block.of, vice, pb.OFFICE_KIND_VICE)

    for problem, content in REFUSED.items():
        refused = await refusal_of(lambda content=content: upload(block, chair, content))
        assert (refused.reason, refused.metadata["problem"]) == ("ATTACHMENT_REFUSED", problem)
    with pytest.raises(CoreError, match="MY_NUMBER_REFUSED"):
        await upload(block, chair, an_image(), "123456789018.jpg")
    await a_town.running.db.write(lambda s: sent_today(s, chair, 100 - len(REFUSED) - 1, a_town))
    with pytest.raises(CoreError, match="TOO_MANY_ATTEMPTS"):
        await upload(block, chair, an_image())
    assert (await upload(block, vice, an_image())).pages == 1


@on_sqlite
async def test_a_circular_names_twenty_files_at_most(a_town: Town) -> None:
    block = await a_block(a_town)
    ids = [f"01900000-0000-7000-8000-{number:012}" for number in range(21)]

    with pytest.raises(CoreError, match="FIELD_INVALID"):
        await block.save(block.of.chair, file_ids=ids)
