"""A person with a browser: one Chromium for all of them, and for each a profile of their own."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "chrome")
"""The first is the browser without its windows: the pages are the same, in half the time."""

CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
]
GROUP = "browser"
PATIENCE = 60_000
"""Milliseconds that a page is waited for, at most: the machine may have much else to do."""

expect.set_options(timeout=PATIENCE)

MARKS = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="NO CHROMIUM ON THIS MACHINE: nothing is tested in a browser"
    ),
    # All in one worker and one loop, which the browser lives in: to start it costs more than they.
    pytest.mark.xdist_group(GROUP),
    pytest.mark.asyncio(loop_scope="session"),
]
"""For `pytestmark`; such tests take the fixture `chromium` and no other that is asynchronous."""


def in_a_browser(test: Any) -> Any:
    """Mark one test of a module."""
    for mark in MARKS:
        test = mark(test)
    return test


@asynccontextmanager
async def started() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def a_page(browser: Browser, **more: Any) -> AsyncIterator[Page]:
    """Open a page on a small screen, with cookies and a storage that nobody else sees."""
    given = {"viewport": {"width": 360, "height": 740}, "locale": "ja-JP", **more}
    context = await browser.new_context(**given)
    try:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page
    finally:
        await context.close()
