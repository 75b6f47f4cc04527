"""Files of circulars are made anew with their pages; the round is printed."""

import io
from datetime import timedelta

import pikepdf
import pytest
from PIL import Image

from core.attachments.paging import WIDTH, pages_of
from tests.core.associations.makers import Neighbour, save_household
from tests.core.circulars.makers import YES_NO, Block, a_block, a_pdf, a_vote, refusal_of
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.client import CoreError
from todoke.v1 import circulars_pb2 as pb
from todoke.v1 import files_pb2
from todoke.v1.residents_pb2 import CONTACT_STATE_LOST, SeeContactRequest

NOBODYS = "0192f0c1-2f8e-7b6a-9c00-000000000000"


def an_image() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (2400, 1200), "orange").save(made, "JPEG")
    return made.getvalue()


async def upload(
    block: Block, by: Neighbour, content: bytes, name: str = "議案.pdf"
) -> pb.UploadCircularFileResponse:
    async def parts():
        yield pb.UploadCircularFileRequest(
            header=pb.CircularFileHeader(
                speaker=by.speaker, association_id=block.of.association_id, file_name=name,
                request_id=a_request_id(),
            )
        )  # fmt: skip
        for start in range(0, len(content), 65536):
            yield pb.UploadCircularFileRequest(chunk=content[start : start + 65536])

    return await block.line.upload(block.line.circulars.UploadCircularFile, parts())


async def lose(block: Block, member: Neighbour) -> None:
    """Let nothing reach a member any more, as nothing can be pushed to a browser."""
    seen = SeeContactRequest(
        external_id=member.external_id, state=CONTACT_STATE_LOST, request_id=a_request_id()
    )
    seen.seen_time.FromDatetime(block.town.clock() + timedelta(seconds=1))
    await block.line.ask(block.line.residents.SeeContact, seen)


async def download(
    block: Block, by: Neighbour | None, file_id: str, page: int = 0
) -> tuple[files_pb2.FileHeader, bytes]:
    request = pb.DownloadCircularFileRequest(
        speaker=by.speaker if by else None, file_id=file_id, page=page
    )
    return await whole(block.line.watch(block.line.circulars.DownloadCircularFile, request))


async def whole(parts) -> tuple[files_pb2.FileHeader, bytes]:
    header, content = files_pb2.FileHeader(), b""
    async for part in parts:
        if part.HasField("file"):
            header = part.file
        content += part.chunk
    return header, content


@on_sqlite
async def test_a_pdf_has_its_pages_in_a_phones_width_and_is_found_by_its_text(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair, member = block.of.chair, block.of.plain
    made = await upload(block, chair, a_pdf())
    image = await upload(block, chair, an_image(), "地図.jpg")
    sent = await block.send(title="総会", body="", file_ids=[made.file_id, image.file_id])

    header, content = await download(block, member, made.file_id)
    _, page = await download(block, member, made.file_id, 2)
    _, picture = await download(block, member, image.file_id, 1)

    assert (made.pages, header.file_name, header.size) == (2, "議案.pdf", len(content))
    assert len(pikepdf.open(io.BytesIO(content)).pages) == 2
    drawn = Image.open(io.BytesIO(page))
    assert drawn.width == WIDTH
    assert drawn.convert("L").getextrema() == (0, 255)
    assert Image.open(io.BytesIO(picture)).size == (WIDTH, WIDTH // 2)
    found = await block.own(member, words="総会の議案")
    assert [one.circular.circular_id for one in found.circulars] == [sent.circular_id]
    told = await block.told_all()
    assert told[0].circular.pages == 3


@on_sqlite
async def test_a_file_is_nobodys_to_whoever_did_not_get_its_circular(a_town: Town) -> None:
    block = await a_block(a_town)
    other = await a_block(a_town, line=block.line)
    chair, (first, second) = block.of.chair, block.of.groups
    made = await upload(block, chair, an_image())
    of_other = await upload(other, other.of.chair, an_image())

    assert (await refusal_of(lambda: upload(block, block.of.plain, an_image()))).reason == (
        "NOT_IN_OFFICE"
    )
    with pytest.raises(CoreError, match="ATTACHMENT_UNKNOWN"):
        await block.save(chair, file_ids=[of_other.file_id])
    sent = await block.send(file_ids=[made.file_id], targets=pb.Targets(group_ids=[first.group_id]))
    assert sent.households == 2
    assert second.group_id != first.group_id

    nobodys = await refusal_of(lambda: download(block, block.of.plain, NOBODYS))
    for who in (block.of.plain, other.of.chair, None):
        refused = await refusal_of(lambda w=who: download(block, w, made.file_id))
        assert (refused.reason, str(refused)) == (nobodys.reason, str(nobodys))
    assert (await download(block, block.of.members[1], made.file_id))[1]


@on_sqlite
async def test_the_screen_loads_what_was_made_public_and_what_nothing_names_goes(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    shown, unnamed = [await upload(block, block.of.chair, an_image()) for _ in range(2)]
    await block.send(file_ids=[shown.file_id], on_board=True)

    assert (await download(block, None, shown.file_id))[1]
    with pytest.raises(CoreError, match="ATTACHMENT_UNKNOWN"):
        await download(block, None, unnamed.file_id)
    a_town.clock.pass_by(days=1, hours=1)
    await a_town.running.jobs.run_due()

    assert (await download(block, block.of.chair, shown.file_id))[1]
    with pytest.raises(CoreError, match="ATTACHMENT_UNKNOWN"):
        await download(block, block.of.chair, unnamed.file_id)
    refused = await refusal_of(lambda: upload(block, block.of.chair, b"MZ no document"))
    assert (refused.reason, refused.metadata["problem"]) == ("ATTACHMENT_REFUSED", "KIND")


@on_sqlite
async def test_the_round_has_a_place_for_each_answer_but_for_a_secret_vote_none(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    due = (a_town.clock() + timedelta(days=7)).date().isoformat()
    asked = [
        pb.CircularQuestion(key="day", text="どの日がよいですか", options=YES_NO, several=True),
        pb.CircularQuestion(key="else", text="ご意見"),
    ]

    async def printed(kind: pb.CircularKind.ValueType, **content) -> str:
        sent = await block.send(kind=kind, due_date=due, **content)
        request = pb.PrintRoundRequest(
            speaker=block.of.chair.speaker, circular_id=sent.circular_id, unread=True
        )
        _, made = await whole(block.line.watch(block.line.circulars.PrintRound, request))
        return "".join(pages_of("application/pdf", made).text.split())

    members = pb.ELECTORATE_MEMBERS
    notice = await printed(pb.CIRCULAR_KIND_NOTICE)
    attendance = await printed(pb.CIRCULAR_KIND_ATTENDANCE)
    survey = await printed(pb.CIRCULAR_KIND_SURVEY, questions=asked)
    vote = await printed(pb.CIRCULAR_KIND_VOTE, vote=a_vote(secret=False))
    of_members = await printed(pb.CIRCULAR_KIND_VOTE, vote=a_vote(secret=False, electorate=members))
    secret = await printed(pb.CIRCULAR_KIND_VOTE, vote=a_vote(secret=True))

    # Three households have not read.
    assert attendance.count("参加する人数") == 3
    assert "問1どの日がよいですか(いくつでも)" in survey
    assert survey.count("はい") == vote.count("はい") == 3
    assert "会員ごとの投票です" in of_members
    assert "秘密投票です" in secret
    for nothing in (notice, of_members, secret):
        assert "答えの欄" not in nothing
        assert "いいえ" not in nothing


@on_sqlite
async def test_the_round_is_one_pdf_in_walking_order_for_paper_and_the_unread(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair = block.of.chair
    due = (a_town.clock() + timedelta(days=7)).date().isoformat()
    picture = await upload(block, chair, an_image())
    sent = await block.send(body="公園に集まります。", file_ids=[picture.file_id], due_date=due)

    async def printed(**which) -> str:
        request = pb.PrintRoundRequest(speaker=chair.speaker, circular_id=sent.circular_id, **which)
        stream = block.line.watch(block.line.circulars.PrintRound, request)
        header, content = await whole(stream)
        assert header.size == len(content)
        with pikepdf.open(io.BytesIO(content)) as document:
            fonts = document.pages[0].obj.Resources.Font
            embedded = [font.DescendantFonts[0].FontDescriptor for font in fonts.values()]
            assert embedded
            assert all("/FontFile3" in one or "/FontFile2" in one for one in embedded)
            assert len(document.pages) == 3
        return "".join(pages_of("application/pdf", content).text.split())

    with pytest.raises(CoreError, match="NOTHING_TO_PRINT"):
        await printed()
    await block.answer(block.of.members[1], sent.circular_id)
    all_unread = await printed(unread=True)
    home = block.of.households[3]
    home.paper = True
    await save_household(block.staff, block.of.association_id, home)
    on_paper = await printed()

    for silent in block.of.members[1:3]:
        await lose(block, silent)
    unreached = await printed()

    assert "公園に集まります。" in all_unread
    places = [all_unread.find(name) for name in ("家21", "家22")]
    assert -1 not in places
    assert places == sorted(places)
    # Who wrote it has read it, as has who answered.
    assert "家11" not in all_unread
    assert "家12" not in all_unread
    assert "家22" in on_paper
    assert "家11" not in on_paper
    # Nothing reaches either, but one of them has read.
    assert "家21" in unreached
    assert "家12" not in unreached
