"""A city with procedures to apply for on the web, before the real core."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from channels.web.app import create_app
from tests import town
from tests.cards import Cards
from tests.channels.fake_core import FakeCore
from tests.channels.web.adapter import Browser, another, some_settings
from tests.channels.web.procedures import EVERYTHING, REFUND
from tests.core.applications.procedures import REPORT, publish


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
