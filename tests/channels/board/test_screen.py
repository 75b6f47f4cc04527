"""The screen: public, without a cookie, and with nothing of any resident."""

from pathlib import Path

from grpc import StatusCode

from tests.channels.board.adapter import browsing
from tests.channels.board.scripted import FILE, PNG, TOWN, an_id
from todoke.v1 import circulars_pb2 as pb


async def test_anybody_sees_the_notices_and_gets_no_cookie(tmp_path: Path) -> None:
    async with browsing(tmp_path, clock=lambda: 1_800_000_000.0) as person:
        await person.get("/screen")
        assert person.where == "/screen/"
        assert person.asked("ListBoardNotices").association_id == ""
        await person.get(f"/screen/{TOWN}")
        assert person.asked("ListBoardNotices").association_id == TOWN
        assert "秋の清掃" in person.page
        assert "2027年1月15日 17時00分のお知らせ" in person.page
        assert '<noscript><meta http-equiv="refresh" content="300"></noscript>' in person.page
        assert person.answer is not None
        assert "set-cookie" not in person.answer.headers
        assert not person.core.calls["SeeContact"]
        await person.get(f"/screen/{TOWN}?language=en")
        assert "As of " in person.page


async def test_a_public_files_page_is_asked_for_by_nobody(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.get(f"/screen/files/{FILE}/1")
        assert person.answer is not None
        assert person.answer.content == PNG
        assert not person.asked("DownloadCircularFile").HasField("speaker")
        person.core.refuse("DownloadCircularFile", StatusCode.NOT_FOUND, "ATTACHMENT_UNKNOWN")
        await person.get(f"/screen/files/{FILE}/2")
        assert person.status == 404


async def test_a_screen_that_gets_nothing_says_so_and_tries_again(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        person.core.refuse("ListBoardNotices", StatusCode.UNAVAILABLE)
        await person.get(f"/screen/{TOWN}")
        assert person.status == 503
        assert '<meta http-equiv="refresh" content="60">' in person.page
        person.core.refuse("ListBoardNotices", StatusCode.NOT_FOUND, "ASSOCIATION_UNKNOWN")
        await person.get(f"/screen/{an_id('a', 7)}")
        assert person.status == 404
        person.core.script["ListBoardNotices"] = lambda _: pb.ListBoardNoticesResponse()
        await person.get(f"/screen/{TOWN}")
        assert "いま、お知らせはありません" in person.page
