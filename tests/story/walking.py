"""What residents do in a browser, as they would: read, press, follow, sign in."""

import html
import re

from tests.channels.web.adapter import Browser
from tests.story.phone import Phone
from tests.story.whole import CityHall


def words(browser: Browser) -> str:
    """Read what stands on the page between its head and its foot."""
    main = re.search(r"<main[^>]*>(.*)</main>", browser.page, re.DOTALL)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", main[1] if main else browser.page))
    return re.sub(r"[ \n]+", " ", shown).strip()


def link_of(browser: Browser, pattern: str) -> str:
    """Return the address of the one link that looks like this."""
    found = {html.unescape(one) for one in re.findall(rf'href="({pattern})"', browser.page)}
    assert len(found) == 1, (found, words(browser))
    return found.pop()


async def agree(browser: Browser) -> str:
    """Read the consent and agree to it; gives the address of the app."""
    await browser.get("/app")
    await browser.send("/app", agree="yes")
    assert browser.where == "/app/go", words(browser)
    return link_of(browser, 'http[^"]+')


async def by_the_app(hall: CityHall, browser: Browser, card: str) -> None:
    await browser.get(await hall.at_the_app(await agree(browser), card=card))


async def by_the_chat(phone: Phone, browser: Browser) -> None:
    """Press 登録の内容をウェブで見る in the chat, open its link, and confirm."""
    [address] = (await phone.tap_in_menu("1:web")).links
    await browser.get(address)
    await browser.send("/sign-in/code", code=address.partition("code=")[2])
    assert browser.where == "/me", words(browser)
    await phone.hear("新しい連絡先(ウェブ)")


async def by_line(hall: CityHall, phone: Phone, browser: Browser) -> str:
    """Sign in with LINE; gives the address that LINE sent the browser back to."""
    await browser.get("/line/go", follow_redirects=False)
    assert browser.answer is not None
    agreed = await hall.line.http.post(
        browser.answer.headers["location"],
        data={"person": phone.id, "decision": "agree"},
        allow_redirects=False,
    )
    back = str(agreed.headers["location"])
    await browser.get(back)
    return back
