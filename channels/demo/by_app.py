"""Registering on the web by the authentication app."""

from channels.demo.browser import Browser
from channels.demo.steady import Breath, Up
from channels.simulators.city.city import Registrant

MOST_WAYS = 10


async def register(browser: Browser, web_url: str, who: Registrant, web_up: Up) -> bool:
    """Register; return whether the web then knows them.

    Where the core dies after the app was asked, the way through it is spent, and begun again.
    """
    breath = Breath(web_up)
    for _ in range(MOST_WAYS):
        text = await browser.open(f"{web_url}/app")
        agreed = await browser.press(text.form("agree"), {"agree": "yes"})
        app = await browser.open(agreed.link("openid-connect"))
        form = app.form("card", "pin")
        await browser.press(form, {"card": who.card_id, "pin": who.auth_pin, "deed": "agree"})
        record = await browser.open(f"{web_url}/me")
        if who.person.name in record.text:
            return True
        await breath.take()
    return False
