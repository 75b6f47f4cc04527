"""A code on a voucher: given on a phone with LINE, in a browser, and at the desk; used once."""

import asyncio

from core.callers import Role
from tests.core.access.links import refused
from tests.core.applications.coupons import SHELTER, check, make
from tests.core.applications.procedures import publish
from tests.core.applications.test_entering import enter
from tests.story.phone import Phone
from tests.story.walking import words
from tests.story.whole import CityHall


async def begun(phone: Phone) -> None:
    await phone.write("手続き")
    await phone.tap("1:procedures:1")
    await phone.tap("1:start:shelter_goods")


async def test_a_voucher_is_taken_once_whichever_way_it_comes(hall: CityHall) -> None:
    await publish(hall.town, SHELTER)
    author = await hall.town.staff(Role.PROCEDURE_AUTHOR)
    first, second, third = (await make(author, codes=3)).codes
    phone, browser = await hall.phone("hanako"), await hall.browser()
    await begun(phone)
    mistyped = await phone.write(first[:-1] + "0")
    await phone.write(first.lower().replace("-", " "))
    review = await phone.write("毛布")
    await phone.choose(review, "submit:")
    await browser.get("/apply/shelter_goods")
    await browser.send("/apply/shelter_goods")
    await browser.send(browser.where, answer=first)
    used = words(browser)
    await browser.send(browser.where, answer=second)
    await browser.send(browser.where, answer="水")
    at_the_review = browser.where
    desk = await hall.town.staff(Role.COUNTER)
    paper = ("what", {"text": "水"})
    taken_at_the_desk = await enter(desk, ("code", {"text": second}), paper, procedure=KEY)
    at_the_desk = await refused(enter(desk, ("code", {"text": first}), paper, procedure=KEY))
    await browser.send(at_the_review)
    asked_again = words(browser)
    await browser.send(browser.where, answer=third)
    await browser.send(browser.where)

    assert "コードの文字が違うようです" in mistyped.words
    assert "すでに使われています" in used
    assert at_the_review.endswith("/-/review")
    assert taken_at_the_desk.HasField("application")
    assert at_the_desk.metadata["problem"] == "code_used"
    assert "使えなくなりました" in asked_again
    assert browser.where.endswith("/-/done")
    uses = await asyncio.gather(*(check(author, code) for code in (first, second, third)))
    assert [one.used for one in uses] == [1, 1, 1]


KEY = "shelter_goods"
