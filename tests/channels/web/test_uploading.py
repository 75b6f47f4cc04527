"""Files from a browser: handed on whole, counted before they are read, never on a disk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from grpc import StatusCode

from tests.channels.fake_core import APPLICATION
from tests.channels.web.adapter import Browser, browsing
from tests.channels.web.scripted import ATTACHMENT, PDF, Asking

PICTURE = b"\x89PNG" + bytes(range(256)) * 2000


@asynccontextmanager
async def asked(folder: Path, step: str) -> AsyncIterator[tuple[Browser, Asking]]:
    """Open a browser at a question."""
    async with browsing(folder) as browser:
        asking = Asking(browser.core)
        asking.step = step
        await browser.sign_in()
        await browser.get(f"/a/{APPLICATION}/{step}")
        yield browser, asking


async def send(
    browser: Browser, step: str, files: list[tuple[str, tuple[str, bytes]]], **more: Any
) -> str:
    path = f"/a/{APPLICATION}/{step}/files"
    browser.status = 0
    answer = await browser.http.post(path, data={**browser.hidden(path), **more}, files=files)
    return await browser.took(answer)


def one(body: bytes = PICTURE, name: str = "通帳.png") -> tuple[str, tuple[str, bytes]]:
    return "new", (name, body)


async def test_a_photograph_is_handed_on_whole_and_named_by_the_answer(tmp_path: Path) -> None:
    async with asked(tmp_path, "files") as (browser, asking):
        await send(browser, "files", [one(), one(b"second")])
        assert asking.files == [PICTURE, b"second"]
        (upload, _) = browser.core.calls["UploadAttachment"]
        assert upload[0].header.file_name == "通帳.png"
        assert upload[0].header.step == "files"
        assert max(len(part.chunk) for part in upload) <= 256 * 1024
        (answer,) = browser.core.calls["AnswerPrompt"]
        assert len(answer.given.files.attachment_ids) == 2
        assert browser.where == f"/a/{APPLICATION}/-/review"


async def test_files_are_added_one_by_one_and_taken_away_again(tmp_path: Path) -> None:
    async with asked(tmp_path, "files") as (browser, asking):
        await send(browser, "files", [one()], add="yes")
        await send(browser, "files", [one(b"second")], add="yes", attachment=[ATTACHMENT])
        assert browser.page.count('name="attachment"') == 2
        ids = [ATTACHMENT, ATTACHMENT[:-1] + "2"]
        await send(browser, "files", [one(b"", "")], attachment=ids, away=ids[:1])
        (answer,) = browser.core.calls["AnswerPrompt"]
        assert list(answer.given.files.attachment_ids) == ids[1:]
        assert len(asking.files) == 2


async def test_what_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async with asked(tmp_path, "files") as (browser, asking):
        await send(browser, "files", [one(bytes((1 << 20) + 1))])
        assert browser.status == 422
        assert "一つ1MBまで" in browser.page
        await send(browser, "files", [one(bytes(5 << 20))])
        assert browser.status == 422
        assert asking.files == []


async def test_a_file_that_the_core_refuses_is_said_beside_its_field(tmp_path: Path) -> None:
    async with asked(tmp_path, "files") as (browser, _):
        browser.core.refuse("UploadAttachment", StatusCode.INVALID_ARGUMENT, "ATTACHMENT_REFUSED")
        await send(browser, "files", [one()])
        assert browser.status == 422
        assert 'id="answer-wrong"' in browser.page


async def test_a_form_of_another_session_uploads_nothing(tmp_path: Path) -> None:
    async with asked(tmp_path, "files") as (browser, asking):
        path = f"/a/{APPLICATION}/files/files"
        answer = await browser.http.post(path, data={"csrf": "theirs"}, files=[one()])
        assert answer.status_code == 403
        answer = await browser.http.post(path, content=b"x" * 10)
        assert answer.status_code == 400
        assert asking.files == []


async def test_a_name_that_is_typed_is_a_signature(tmp_path: Path) -> None:
    async with asked(tmp_path, "signature") as (browser, asking):
        await send(browser, "signature", [one(b"", "")], typed="届出 花子")
        (drawn,) = asking.files
        assert drawn.startswith(b"\x89PNG")
        (answer,) = browser.core.calls["AnswerPrompt"]
        assert list(answer.given.files.attachment_ids) == [ATTACHMENT]


async def test_the_passbook_goes_with_the_account(tmp_path: Path) -> None:
    async with asked(tmp_path, "account") as (browser, _):
        account = {"where": "post", "symbol": "12345", "account_number": "123", "holder_kana": "ト"}
        await send(browser, "account", [one(b"", "")], **account)
        assert 'id="passbook-wrong"' in browser.page
        await send(browser, "account", [one()], **account)
        (answer,) = browser.core.calls["AnswerPrompt"]
        assert answer.given.account.passbook_attachment_id == ATTACHMENT
        assert answer.given.account.symbol == "12345"


async def test_notices_and_attachments_are_downloaded_as_they_come(tmp_path: Path) -> None:
    async with asked(tmp_path, "choice") as (browser, _):
        await browser.get(f"/me/applications/{APPLICATION}")
        assert "決定通知書を受け取る" in browser.page
        for path in (
            f"/me/applications/{APPLICATION}/notice",
            f"/a/{APPLICATION}/-/files/{ATTACHMENT}",
        ):
            answer = await browser.http.get(path)
            assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")
            assert answer.headers["content-disposition"].startswith("attachment;")


async def test_a_notice_is_verified_by_its_code(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        asking = Asking(browser.core)
        await browser.get("/verify?code=ABCD-EFGH")
        assert 'value="ABCD-EFGH"' in browser.page
        await browser.send("/verify", code="ABCD-EFGH")
        assert "総社第12号" in browser.page
        assert "2026年11月20日" in browser.page
        await browser.send("/verify", code="A")
        assert browser.status == 422
        browser.core.refuse("CheckNotice", StatusCode.NOT_FOUND, "NOTICE_MISSING")
        await browser.send("/verify", code="ABCD-EFGX")
        assert "このコードの通知書はありません" in browser.page
        assert asking.files == []
