"""The circulars of somebody else, whom one acts for, by HTTP: apart from one's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from grpc import StatusCode

from tests.channels.board.adapter import Person, browsing
from tests.channels.board.scripted import CIRCULAR, CODE, FILE, HOMES, MEMBER, MOTHER, Town
from todoke.v1 import circulars_pb2 as pb

THEIRS = f"/for/{MOTHER}"
NAMED = pb.ActedFor(resident_id=MOTHER, name="池田久子")


@asynccontextmanager
async def a_proxy(folder: Path, **town: Any) -> AsyncIterator[Person]:
    """Open the browser of whoever acts for another by a code, and is no member themselves."""
    async with browsing(folder, town=Town(**town)) as person:
        core = person.core
        core.script["CompleteMemberLink"] = lambda _: pb.CompleteMemberLinkResponse(
            membership=pb.Membership(member_id=MEMBER, household=HOMES[0]), acted_for=NAMED
        )
        core.script["ListMemberships"] = lambda _: pb.ListMembershipsResponse(acted_for=[NAMED])
        await person.get(f"/link/{CODE}?to={THEIRS}/c/{CIRCULAR}")
        await person.send('name="code"', code=CODE)
        yield person


async def test_a_code_leads_to_the_circular_of_whom_one_acts_for(tmp_path: Path) -> None:
    async with a_proxy(tmp_path) as person:
        assert person.where == f"{THEIRS}/c/{CIRCULAR}"
        assert "池田久子さんの代わりに見ています" in person.page
        assert person.asked("OpenCircular").speaker.for_resident_id == MOTHER
        assert f'src="{THEIRS}/files/{FILE}/1"' in person.page
        await person.send("見ました", do="answer")
        assert person.where == f"{THEIRS}/c/{CIRCULAR}"
        assert person.asked("AnswerCircular").speaker.for_resident_id == MOTHER
        await person.get(f"{THEIRS}/files/{FILE}/1")
        assert person.asked("DownloadCircularFile").speaker.for_resident_id == MOTHER


async def test_comments_are_read_and_a_word_of_ones_own_is_not_offered(tmp_path: Path) -> None:
    async with a_proxy(tmp_path) as person:
        person.town.circular.content.comments_allowed = True
        await person.get(f"{THEIRS}/c/{CIRCULAR}")
        assert "行きます" in person.page
        assert person.asked("ListComments").speaker.for_resident_id == MOTHER
        assert 'name="comment"' not in person.page


async def test_their_list_stands_beside_ones_own(tmp_path: Path) -> None:
    async with a_proxy(tmp_path) as person:
        await person.get("/")
        assert not person.asked("ListOwnCirculars").speaker.for_resident_id
        assert f'href="{THEIRS}/"' in person.page
        assert "役員が確かめる" not in person.page
        await person.get(f"{THEIRS}/")
        assert person.asked("ListOwnCirculars").speaker.for_resident_id == MOTHER
        assert f'href="{THEIRS}/c/{CIRCULAR}"' in person.page
        assert f'action="{THEIRS}/"' in person.page


async def test_when_it_was_ended_the_pages_say_so(tmp_path: Path) -> None:
    async with a_proxy(tmp_path) as person:
        person.core.script["ListMemberships"] = lambda _: pb.ListMembershipsResponse()
        for name in ("OpenCircular", "ListOwnCirculars"):
            person.core.refuse(name, StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_REGISTERED")
        for path in (f"{THEIRS}/", f"{THEIRS}/c/{CIRCULAR}"):
            await person.get(path)
            assert person.status == 403, path
            assert "この方の代理として回覧を読むことは、いまはできません" in person.page
            assert 'href="/"' in person.page


async def test_who_follows_a_used_link_again_goes_on_without_the_code(tmp_path: Path) -> None:
    async with a_proxy(tmp_path) as person:
        person.core.refuse(
            "CompleteMemberLink", StatusCode.FAILED_PRECONDITION, "INVITATION_REFUSED"
        )
        await person.get(f"/link/{CODE}?to={THEIRS}/c/{CIRCULAR}")
        assert f'<a href="{THEIRS}/c/{CIRCULAR}">' in person.page
        await person.get(f"/link/{CODE}?to=https://elsewhere.example/")
        assert "elsewhere" not in person.page.partition("<main")[2].partition('name="to"')[0]
    async with browsing(tmp_path) as stranger:
        await stranger.get(f"/link/{CODE}?to=/c/{CIRCULAR}")
        assert f'<a href="/c/{CIRCULAR}">' not in stranger.page
