"""Procedures on the web before the real core: every kind of answer, going back, refusals."""

import re
from pathlib import Path

import pytest

from tests.channels.web.cities import ANSWERS, a_city, begun, here, send


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
        last = browser.hidden(browser.where)
        await send(browser, skip="yes")
        assert here(browser) == "review"
        await browser.post(f"/a/{id}/note", {**last, "skip": "yes"})
        await browser.get(f"/a/{id}")
        assert here(browser) == "review"
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


@pytest.mark.parametrize(
    "path", ["/apply/nothing", "/me/applications/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12]
)
async def test_what_is_not_there_is_not_found(
    path: str, sqlite_database: str, tmp_path: Path
) -> None:
    async with a_city(sqlite_database, tmp_path) as (browser, _):
        await browser.get(path)
        assert browser.status == 404
