"""Banks and addresses are looked up by buttons, before the real core."""

import html
import re
from pathlib import Path

from tests.cards import Cards
from tests.channels.web.cities import ANSWERS, BANK, a_city, begun, here, send
from tests.channels.web.test_with_core import sign
from tests.makers import a_program


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
