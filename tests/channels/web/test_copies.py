"""A copy of what is held is handed out as a file."""

from pathlib import Path

import pytest
from grpc import StatusCode

from tests.channels.web.adapter import browsing
from todoke.v1.files_pb2 import FileHeader
from todoke.v1.records_pb2 import EXPORT_FORMAT_JSON, EXPORT_FORMAT_PDF, ExportRecordResponse


@pytest.mark.parametrize(
    ("form", "asked"), [("pdf", EXPORT_FORMAT_PDF), ("json", EXPORT_FORMAT_JSON)]
)
async def test_a_copy_is_handed_on_byte_for_byte(tmp_path: Path, form: str, asked: int) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        parts = [bytes([n]) * 40_000 for n in range(3)]
        header = FileHeader(
            file_name=f"登録.{form}", media_type=f"application/{form}", size=120_000
        )
        browser.core.script["ExportRecord"] = lambda _: [
            ExportRecordResponse(file=header),
            *(ExportRecordResponse(chunk=part) for part in parts),
        ]
        answer = await browser.http.get(f"/me/export/{form}")
        assert answer.content == b"".join(parts)
        assert answer.headers["content-type"] == f"application/{form}"
        assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7")
        assert answer.headers["cache-control"] == "no-store"
        assert browser.core.calls["ExportRecord"][0].format == asked


async def test_a_copy_that_is_refused_is_a_page_and_no_file(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        browser.core.refuse("ExportRecord", StatusCode.UNAVAILABLE)
        await browser.get("/me/export/pdf")
        assert browser.status == 503
        assert "つながりにくくなっています" in browser.page
        await browser.get("/me/export/xls")
        assert browser.status == 404


async def test_neither_name_nor_kind_of_a_file_is_more_than_a_name_and_a_file(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        header = FileHeader(file_name='a"\r\nset-cookie: x', media_type="text/html", size=1)
        browser.core.script["ExportRecord"] = lambda _: [
            ExportRecordResponse(file=header),
            ExportRecordResponse(chunk=b"x"),
        ]
        answer = await browser.http.get("/me/export/pdf")
        named = "attachment; filename*=UTF-8''a%22%0D%0Aset-cookie%3A%20x"
        assert answer.headers["content-disposition"] == named
        assert answer.headers["content-type"] == "application/octet-stream"
