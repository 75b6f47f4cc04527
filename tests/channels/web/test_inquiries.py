"""Residents write to the city on the web and read its answer: one page, without a script."""

from pathlib import Path

from grpc import StatusCode

from channels.web.app import create_app
from tests import town
from tests.cards import Cards
from tests.channels.fake_core import FakeCore
from tests.channels.web.adapter import another, browsing, some_messages, some_settings
from tests.channels.web.test_with_core import sign
from tests.core.inquiries.makers import answer, listed

PATH = "/me/inquiries"
WORDS = "ごみの日はいつですか。"


async def test_what_is_written_goes_to_the_city_once(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get(PATH)
        fields = {**browser.hidden(PATH), "text": WORDS}
        await browser.post(PATH, fields)
        assert "市役所に送りました。" in browser.page
        browser.core.refuse("ReceiveInquiry", StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")
        await browser.post(PATH, fields)
        assert "市役所に送りました。" in browser.page
        first, again = browser.core.calls["ReceiveInquiry"]
        assert (first.text, first.request_id) == (WORDS, again.request_id)


async def test_what_cannot_be_sent_says_why_and_keeps_the_words(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        await browser.get(PATH)
        await browser.send(PATH, text=" ")
        assert browser.status == 422
        assert "問い合わせの文を書いてください" in browser.page
        await browser.send(PATH, text="長" * 2_001)
        assert "2000字までにしてください" in browser.page
        assert not browser.core.calls["ReceiveInquiry"]
        browser.core.refuse("ReceiveInquiry", StatusCode.INVALID_ARGUMENT, "MY_NUMBER_REFUSED")
        await browser.send(PATH, text=WORDS)
        assert "番号を消して" in browser.page
        assert f">{WORDS}</textarea>" in browser.page


async def test_older_messages_are_a_page_away(tmp_path: Path) -> None:
    async with browsing(tmp_path) as browser:
        await browser.sign_in()
        made = some_messages(next_page_token="t0ken")
        browser.core.script["ListOwnInquiryMessages"] = lambda _: made
        assert f"{PATH}?older=t0ken" in await browser.get(PATH)
        await browser.get(f"{PATH}?older=t0ken")
        assert browser.core.calls["ListOwnInquiryMessages"][-1].page_token == "t0ken"


async def test_a_city_that_takes_none_has_no_page_for_it(tmp_path: Path) -> None:
    async with browsing(tmp_path, inquiries=False) as browser:
        await browser.sign_in()
        assert PATH not in browser.page
        await browser.get(PATH)
        assert browser.status == 404


async def test_before_the_real_core_the_answer_stands_over_what_was_asked(
    sqlite_database: str, tmp_path: Path
) -> None:
    cards = Cards(tmp_path / "authority")
    city = await town.build(sqlite_database, tmp_path, **cards.settings)
    settings = some_settings(tmp_path, city.address)
    settings.core_token_file.write_text((await city.channel("web")).token, encoding="utf-8")
    app = create_app(settings, lambda: city.clock().timestamp())
    try:
        async with app.router.lifespan_context(app), another(app, FakeCore()) as browser:
            await browser.get("/")
            await sign(browser, cards)
            await browser.get("/waiting")
            await browser.get(PATH)
            await browser.send(PATH, text=WORDS)
            staff = await city.staff()
            [inquiry] = await listed(staff)
            await answer(staff, inquiry, "火曜日です。")
            page = await browser.get(PATH)
            assert 0 < page.index("火曜日です。") < page.index(WORDS)
            await browser.send(PATH, text="何時までですか。")
            assert [one.last_text for one in await listed(staff)] == ["何時までですか。"]
    finally:
        await city.close()
