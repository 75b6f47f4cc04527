"""Procedures on the web before the real core: every kind of answer, going back, refusals."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from channels.web.app import create_app
from tests import town
from tests.cards import Cards
from tests.channels.fake_core import FakeCore
from tests.channels.web.adapter import Browser, another, some_settings
from tests.channels.web.procedures import EVERYTHING, REFUND
from tests.channels.web.test_with_core import sign
from tests.core.applications.procedures import REPORT, publish
from tests.core.applications.talks import Talk, turn_id
from tests.makers import a_contact, a_program


@asynccontextmanager
async def a_city(
    database: str, folder: Path, cards: Cards | None = None
) -> AsyncIterator[tuple[Browser, town.Town]]:
    """Open a browser before an adapter and a core with procedures."""
    built = await town.build(database, folder, **(cards.settings if cards else {}))
    try:
        await publish(built, EVERYTHING, REFUND, REPORT)
        settings = some_settings(folder, built.address)
        token = (await built.channel("web")).token
        settings.core_token_file.write_text(token, encoding="utf-8")
        app = create_app(settings, lambda: built.clock().timestamp())
        async with app.router.lifespan_context(app), another(app, FakeCore()) as browser:
            yield browser, built
    finally:
        await built.close()


def here(browser: Browser) -> str:
    """Name the page by its last part: the step that is asked."""
    return browser.where.rpartition("/")[2]


async def send(browser: Browser, **fields: str | list[str]) -> str:
    """Send the page's form, which is for the page's own address."""
    return await browser.send(browser.where, **fields)


async def begun(browser: Browser, key: str = "everything") -> str:
    await browser.get("/apply")
    await browser.get(f"/apply/{key}")
    await browser.send(f"/apply/{key}")
    return browser.where.split("/")[2]


BANK = {
    "where": "bank",
    "bank": "0001",
    "branch": "001",
    "account_type": "1",
    "account_number": "1234567",
    "holder_kana": "トドケデ ハナコ",
}
ANSWERS: dict[str, dict[str, str | list[str]]] = {
    "welcome": {},
    "kind": {"answer": "burn"},
    "days": {"answer": ["monday", "friday"]},
    "name": {"answer": "届出花子"},
    "bags": {"answer": "３袋"},
    "born": {"era": "1926-12-25", "year": "60", "month": "4", "day": "12"},
    "visit": {"era": "western", "year": "2026", "month": "12", "day": "1", "time": "10:30"},
    "spot": {"address": "中央公園の東の入口"},
    "home": {"postal_code": "719-1131", "area": "岡山県総社市中央", "rest": "1番1号"},
    "people": {
        "rows": "1",
        "members.0.name": "届出太郎",
        "members.0.kana": "トドケデ タロウ",
        "members.0.birth_date_era": "2019-05-01",
        "members.0.birth_date_year": "元",
        "members.0.birth_date_month": "5",
        "members.0.birth_date_day": "1",
        "members.0.relation": "子",
    },
    "turn": {"answer": "july", "quantity": "2"},
    "note": {"skip": "yes"},
    "agree": {"agreed": "yes"},
}


async def test_every_kind_of_question_is_answered_reviewed_and_filed(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        id = await begun(browser)
        for number, (step, fields) in enumerate(ANSWERS.items(), start=1):
            assert here(browser) == step, browser.page
            if step != "welcome":
                assert f"{number - 1}/12問" in browser.page or f"{number}/13問" in browser.page
            await send(browser, **fields)
        assert here(browser) == "review", browser.page
        for shown in ("燃えるごみ", "月曜日", "届出花子", "昭和60年4月12日", "10:30", "中央公園",
                      "〒719-1131", "届出太郎", "7月", "答えていません"):  # fmt: skip
            assert shown in browser.page, shown
        await send(browser)
        assert browser.where == f"/a/{id}/-/done"
        assert "お申し込みを受け付けました。" in browser.page
        await browser.get("/me/applications")
        assert "審査中" in browser.page
        await browser.get(f"/me/applications/{id}/withdraw")
        await browser.send(f"/me/applications/{id}/withdraw")
        assert "取り下げました。" in browser.page
        assert browser.where == f"/me/applications/{id}"


async def test_going_back_shows_what_was_answered_and_sending_twice_changes_nothing(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        id = await begun(browser, "road_damage")
        await send(browser, answer="hole")
        await send(browser, answer="30")
        assert here(browser) == "name"
        first = browser.hidden(browser.where)
        await send(browser, answer="花子")
        assert here(browser) == "note"
        await browser.post(f"/a/{id}/name", {**first, "answer": "花子"})
        assert here(browser) == "note"
        await browser.get(f"/a/{id}/wide")
        assert 'value="30"' in browser.page
        await send(browser, answer="31")
        await browser.get(f"/a/{id}")
        assert here(browser) == "note"
        await send(browser, skip="yes")
        assert "31" in browser.page
        await browser.get(f"/a/{id}/which")
        assert here(browser) == "review"
        again = browser.hidden(browser.where)
        await send(browser)
        assert here(browser) == "done"
        await browser.post(f"/a/{id}/-/review", again)
        assert here(browser) == "done"
        await browser.get(f"/a/{id}/wide")
        assert here(browser) == "done"


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("kind", {}, "一つ選んでください。"),
    ("days", {}, "1つ以上必要です"),
    ("name", {}, "入っていません"),
    ("name", {"answer": "あ" * 11}, "10文字まで"),
    ("bags", {"answer": "たくさん"}, "数字で入れてください。"),
    ("bags", {"answer": "99"}, "9までで"),
    ("born", {"year": "2026", "month": "2", "day": "30"}, "日にちとして読めません"),
    ("born", {"era": "western", "year": "8", "month": "2", "day": "3"}, "元号を確かめて"),
    ("visit", {"year": "2026", "month": "2", "day": "3"}, "日にちと時刻を"),
    ("spot", {"latitude": "35.9", "longitude": "139"}, "市の外の場所です"),
    ("spot", {"latitude": "x", "longitude": "1"}, "緯度と経度を"),
    ("home", {"postal_code": "12"}, "郵便番号は7桁"),
    ("people", {"rows": "1", "members.0.kana": "ア"}, "入っていません"),
    ("turn", {"answer": "never"}, "空きが足りません"),
    ("agree", {}, "同意が必要です"),
]


async def test_what_does_not_fit_is_said_beside_its_field_and_keeps_what_was_typed(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        await begun(browser)
        for step, fields in ANSWERS.items():
            for wrong, typed, said in WRONG:
                if wrong != step:
                    continue
                await send(browser, **typed)
                assert browser.status == 422, (step, typed, browser.page)
                assert "<title>エラー: " in browser.page
                assert said in browser.page, (step, browser.page)
                fields_of = re.findall(r'<li><a href="#([^"]+)">', browser.page)
                assert fields_of, browser.page
                for field in fields_of:
                    assert f'id="{field}"' in browser.page, (step, field)
                    assert f'id="{field}-wrong"' in browser.page, (step, field)
            await send(browser, **fields)
        assert here(browser) == "review"


async def test_an_address_is_looked_up_by_its_postal_code_without_script(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        await begun(browser)
        for step, fields in ANSWERS.items():
            if step == "home":
                break
            await send(browser, **fields)
        await send(browser, look="address", postal_code="7191131")
        assert browser.status == 200
        assert 'value="岡山県総社市中央"' in browser.page
        await send(browser, look="address", area="総社市")
        pick = re.search(r'value="(pick:([0-9]{7}):[^"]+)"', browser.page)
        assert pick, browser.page
        await send(browser, look=html.unescape(pick[1]))
        assert f'name="postal_code" value="{pick[2]}"' in browser.page


async def test_a_registered_resident_gives_an_account_found_by_its_names_without_script(
    sqlite_database: str, tmp_path: Path, cards: Cards
) -> None:
    async with a_city(sqlite_database, tmp_path, cards) as (browser, built):
        clerk = await built.staff()
        program = await a_program(
            clerk, code="birth-2026", amount=1000, procedure="refund", open_to_all=True
        )
        await browser.get(f"/apply/{program.program_id}")
        assert "マイナンバーカードでの登録が必要です" in browser.page
        await browser.get("/")
        await sign(browser, cards)
        await browser.get("/waiting")
        assert browser.where == f"/apply/{program.program_id}"
        await browser.send(f"/apply/{program.program_id}")
        assert here(browser) == "bank"
        await send(browser, look="bank", bank_words="みずほ")
        assert 'name="bank" value="0001"' in browser.page
        await send(browser, bank_words="みずほ", bank="0001", branch_words="ないない")
        assert "見つかりませんでした" in browser.page
        assert browser.status == 422
        await send(browser, where="post", symbol="9")
        assert "記号を確かめて" in browser.page
        await send(browser, **{**BANK, "branch": "", "branch_words": "東京営業部"})
        assert here(browser) == "why", browser.page
        await send(browser, skip="yes")
        assert "東京営業部" in browser.page
        assert "1234567" not in browser.page
        found = (await browser.http.get("/suggest/bank", params={"words": "みずほ"})).json()
        assert "0001" in {one["value"] for one in found}
        assert (await browser.http.get("/suggest/bank", params={"words": ""})).json() == []
        assert (await browser.http.get("/suggest/nothing")).status_code == 404
        await browser.get("/me/applications")
        assert "続きから" in await browser.get(
            re.search(r'href="(/me/applications/[0-9a-f-]+)"', browser.page)[1]  # type: ignore[index]
        )


async def test_rows_for_people_are_added_and_taken_away_without_script(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        await begun(browser)
        for step, fields in ANSWERS.items():
            if step == "people":
                break
            await send(browser, **fields)
        first = {"members.0.name": "一郎", "members.1.name": "二郎"}
        await send(browser, row="add", **first)
        assert browser.status == 200
        assert 'name="rows" value="2"' in browser.page
        await send(browser, row="away-0", **first)
        assert 'name="rows" value="1"' in browser.page
        assert 'name="members.0.name" value="二郎"' in browser.page


async def test_readings_are_shown_when_they_are_wanted(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        await begun(browser)
        await send(browser)
        assert "<ruby>" not in browser.page
        await browser.send("/ruby", ruby="yes")
        assert here(browser) == "kind"
        assert "<ruby>何<rp>(</rp><rt>なに</rt><rp>)</rp></ruby>" in browser.page
        await browser.send("/language", language="en")
        assert here(browser) == "kind"
        assert "What is it" in browser.page
        assert "<ruby>" not in browser.page


async def handed_over(built: town.Town) -> tuple[Talk, str, str]:
    """Let somebody begin in LINE, up to the question that is not for a chat; gives the link."""
    line = await built.channel("line")
    walker = Talk(line, (await a_contact(built, line)).external_id)
    id = turn_id(await walker.begin("road_damage"))
    await walker.answer(id, "what", choice="hole")
    await walker.answer(id, "wide", number=30)
    return walker, id, await walker.link(id)


async def test_a_link_from_a_chat_goes_on_here_once_and_opening_it_takes_nothing(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, built):
        walker, id, token = await handed_over(built)
        await browser.get(f"/go/{token}")
        await browser.get(f"/go/{token}")
        await browser.send(f"/go/{token}")
        assert browser.where == f"/a/{id}/name"
        await send(browser, answer="花子")
        assert browser.where == f"/a/{id}/-/back"
        assert "LINEに戻って" in browser.page
        assert (await walker.prompt(id)).prompt.step == "note"
        await browser.get(f"/a/{id}")
        await send(browser, skip="yes")
        await send(browser)
        assert "LINEに戻って" in browser.page
        async with another(browser.app, FakeCore()) as other:
            await other.get(f"/a/{id}")
            assert other.status == 410
            await other.get(f"/go/{token}")
            await other.send(f"/go/{token}")
            assert other.status == 422
            assert "使えません" in other.page


async def test_a_page_that_was_left_for_long_says_so_and_keeps_nothing_to_see(
    sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, built):
        _, id, token = await handed_over(built)
        await browser.get(f"/go/{token}")
        await browser.send(f"/go/{token}")
        built.clock.pass_by(minutes=31)
        await browser.get(f"/a/{id}/name")
        assert browser.status == 410
        assert "時間が過ぎました" in html.unescape(browser.page)


@pytest.mark.parametrize(
    "path", ["/apply/nothing", "/me/applications/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12]
)
async def test_what_is_not_there_is_not_found(
    path: str, sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        await browser.get(path)
        assert browser.status == 404
