"""Drafts that are written in a chat: what was asked for them last, and who may answer it."""

from datetime import timedelta

from core.associations import forgetting
from core.associations.member_rows import AskedInChat
from core.japan import today
from tests.core.associations.makers import Neighbour, appoint, end_office
from tests.core.circulars.makers import Block, a_block, a_draft, refusal_of
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb
from todoke.v1.residents_pb2 import Speaker

NOBODYS = "0192f0c1-2f8e-7b6a-9c00-000000000000"


async def asked(block: Block, speaker: Speaker) -> pb.Circular | None:
    request = pb.GetAskedRequest(speaker=speaker)
    found = await block.line.ask(block.line.circulars.GetAsked, request)
    return found.circular if found.HasField("circular") else None


async def keep(block: Block, by: Neighbour, word: str, **fields: str) -> pb.Circular:
    request = a_draft(block.of.association_id, by, **fields)
    request.asked = word
    return (await block.line.ask(block.line.circulars.SaveCircular, request)).circular


async def test_what_was_asked_last_for_a_draft_is_found_by_its_author_for_an_hour(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair = block.of.chair
    assert await asked(block, chair.speaker) is None
    first = await keep(block, chair, "title")
    a_town.clock.pass_by(seconds=1)
    second = await keep(block, chair, "body", title="総会")

    found = await asked(block, chair.speaker)

    assert found is not None
    assert (found.circular_id, found.asked) == (second.circular_id, "body")
    assert found.content.title == "総会"
    assert await asked(block, block.of.plain.speaker) is None
    await keep(block, chair, "", circular_id=second.circular_id, etag=second.etag)
    found = await asked(block, chair.speaker)
    assert found is not None
    assert found.circular_id == first.circular_id
    a_town.clock.pass_by(seconds=timedelta(minutes=61).total_seconds())
    assert await asked(block, chair.speaker) is None


@on_sqlite
async def test_nothing_is_asked_of_who_left_office_nor_for_what_is_out(a_town: Town) -> None:
    block = await a_block(a_town)
    vice = block.of.members[1]
    office = await appoint(a_town, block.staff, block.of, vice, pb.OFFICE_KIND_VICE)
    out = await keep(block, vice, "files")
    await block.publish(vice, out)
    assert await asked(block, vice.speaker) is None
    await keep(block, vice, "title")
    assert await asked(block, vice.speaker) is not None

    await end_office(a_town, block.staff, office, day=today(a_town.clock()))

    assert await asked(block, vice.speaker) is None
    stranger = pb.GetAskedRequest(speaker=Speaker(external_id="U-nobody"))
    refused = await refusal_of(lambda: block.line.ask(block.line.circulars.GetAsked, stranger))
    assert refused.reason == "CONTACT_UNKNOWN"


@on_sqlite
async def test_members_of_an_association_are_listed_for_its_officers_a_heads_own_group(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    members = block.of.members
    group = block.of.groups[1].group_id
    await appoint(
        a_town, block.staff, block.of, members[2], pb.OFFICE_KIND_GROUP_HEAD, group_id=group
    )

    async def listed(by: Neighbour) -> list[str]:
        request = pb.ListMembersRequest(
            speaker=by.speaker, association_id=block.of.association_id, page_size=1
        )
        found: list[str] = []
        while True:
            page = await block.line.ask(block.line.circulars.ListMembers, request)
            found += [one.member_id for one in page.members]
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    assert await listed(block.of.chair) == [one.member_id for one in members]
    assert await listed(members[2]) == [one.member_id for one in members[2:]]
    assert (await refusal_of(lambda: listed(members[1]))).reason == "NOT_IN_OFFICE"
    nobodys = pb.ListMembersRequest(speaker=members[0].speaker, association_id=NOBODYS)
    refused = await refusal_of(lambda: block.line.ask(block.line.circulars.ListMembers, nobodys))
    assert refused.reason == "ASSOCIATION_UNKNOWN"


async def noted(block: Block, speaker: Speaker) -> pb.AskedInChat | None:
    request = pb.GetAskedRequest(speaker=speaker)
    found = await block.line.ask(block.line.circulars.GetAsked, request)
    assert not (found.HasField("asked") and found.HasField("circular"))
    return found.asked if found.HasField("asked") else None


async def note(block: Block, speaker: Speaker, what: str, text: str = "") -> None:
    so_far = [pb.SurveyAnswer(question="why", text=text)] if text else []
    asked = pb.AskedInChat(what=what, so_far=so_far)
    request = pb.KeepAskedRequest(speaker=speaker, asked=asked, request_id=a_request_id())
    await block.line.ask(block.line.circulars.KeepAsked, request)


async def test_one_thing_is_asked_in_a_chat_the_newest_for_an_hour_and_deleted_then(
    a_town: Town,
) -> None:
    block = await a_block(a_town)
    chair = block.of.chair.speaker
    await keep(block, block.of.chair, "title")

    await note(block, chair, "why", "雨だから")

    found = await noted(block, chair)
    assert found is not None
    assert (found.what, found.so_far[0].text) == ("why", "雨だから")
    assert await noted(block, block.of.plain.speaker) is None
    await note(block, chair, "")
    assert await noted(block, chair) is None
    assert await asked(block, chair) is None

    await note(block, chair, "why")
    await keep(block, block.of.chair, "body")
    assert await noted(block, chair) is None
    draft = await asked(block, chair)
    assert draft is not None
    assert draft.asked == "body"

    await note(block, chair, "why")
    a_town.clock.pass_by(seconds=timedelta(minutes=61).total_seconds())
    assert await noted(block, chair) is None
    await a_town.running.db.write(lambda session: forgetting.forget(session, a_town.clock()))
    assert await a_town.read(lambda session: session.query(AskedInChat).count()) == 0


@on_sqlite
async def test_a_my_number_is_kept_of_no_answer_that_is_not_sent_yet(a_town: Town) -> None:
    block = await a_block(a_town)

    refused = await refusal_of(lambda: note(block, block.of.plain.speaker, "why", "123456789018"))

    assert refused.reason == "MY_NUMBER_REFUSED"
    assert await noted(block, block.of.plain.speaker) is None
