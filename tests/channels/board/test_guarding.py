"""What guards the boards: secrets of forms, cookies, what browsers may load, how much is read."""

from pathlib import Path

import pytest

from tests.channels.board.adapter import an_officer, browsing, somebody
from tests.channels.board.scripted import CIRCULAR, CODE, TOWN, an_office

MEGABYTE = 1024 * 1024


async def test_every_page_says_what_browsers_may_do_with_it(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        for path in ("/join", f"/screen/{TOWN}", "/nowhere", "/static/todoke.css"):
            await person.get(path)
            assert person.answer is not None
            headers = person.answer.headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"


async def test_a_form_of_no_page_of_ours_changes_nothing(tmp_path: Path) -> None:
    async with an_officer(tmp_path, an_office()) as chair:
        for path in (f"/c/{CIRCULAR}", f"/desk/{TOWN}/joining", "/out", "/language"):
            answer = await chair.http.post(path, data={"csrf": "x", "do": "answer"})
            assert answer.status_code == 403
        files = {"files": ("a.png", b"PNG")}
        answer = await chair.http.post(
            f"/desk/{TOWN}/new/notice", data={"csrf": "x", "title": "題"}, files=files
        )
        assert answer.status_code == 403
        assert not chair.core.calls["AnswerCircular"]
        assert not chair.core.calls["UploadCircularFile"]


async def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    async with an_officer(tmp_path, an_office()) as chair:
        answer = await chair.http.post("/join", data={"name": "a" * 70_000})
        assert answer.status_code == 413
        await chair.get(f"/desk/{TOWN}/new/notice")
        files = [("files", ("a.pdf", b"a" * (10 * MEGABYTE + 1)))]
        await chair.send('name="title"', files=files, title="題", body="文", to="everybody")
        assert chair.status == 413
        assert not chair.core.calls["UploadCircularFile"]


async def test_a_browser_that_was_signed_out_stays_out_with_a_copy_of_its_cookie(
    tmp_path: Path,
) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        await person.get("/")
        copy = dict(person.http.cookies)
        await person.send('action="/out"')
        assert person.where == "/join"
        async with somebody(person.app, person.core, person.town) as thief:
            thief.http.cookies.update(copy)
            await thief.get("/")
            assert thief.where == "/join"


async def test_whoever_planted_a_cookie_speaks_for_nobody_after_the_link(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.get("/link")
        before = person.http.cookies["__Host-todoke-board"]
        await person.send('name="code"', code=CODE)
        assert person.where == "/"
        async with somebody(person.app, person.core, person.town) as thief:
            thief.http.cookies.set("__Host-todoke-board", before)
            await thief.get("/")
            assert thief.where == "/join"


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil"])
async def test_the_language_leads_nowhere_else(tmp_path: Path, back: str) -> None:
    async with browsing(tmp_path) as person:
        await person.get("/join")
        await person.send('action="/language"', language="en", back=back)
        assert person.where == "/join"
        assert "Join the circulars" in person.page


async def test_what_people_write_is_no_markup(tmp_path: Path) -> None:
    async with browsing(tmp_path) as person:
        await person.join()
        person.town.circular.content.body = "<script>alert(1)</script>"
        await person.get(f"/c/{CIRCULAR}")
        assert "<script>alert" not in person.page
        assert "&lt;script&gt;" in person.page
