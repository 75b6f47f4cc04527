"""A resident's ways in and out on the web, through all parts: nothing is played."""

import json
import re

import pytest

from core.callers import Role
from core.residents import consent
from core.residents.rules import Assurance, ConsentPurpose
from tests.cards import a_holder
from tests.channels.simulators.line.web_app import asking, exchange, query_of
from tests.core.records.test_record import characters, opened
from tests.core.residents.test_wishes import save
from tests.makers import a_contact, a_request_id
from tests.story.walking import agree, by_line, by_the_app, by_the_chat, words
from tests.story.whole import CityHall
from todoke.client import CoreError
from todoke.v1.access_pb2 import LinkByIdTokenRequest

NONCE = "a-nonce-of-letters-enough-1234567890-abcdefgh"
LINE_CALLBACK = "http://localhost/line/callback"


async def test_a_person_registers_by_the_app_in_the_browser_that_began(hall: CityHall) -> None:
    holder = a_holder(name="総社　花子")
    browser, other = await hall.browser(), await hall.browser()
    await browser.get("/app")
    whole = consent.unsigned(
        ConsentPurpose.REGISTRATION, Assurance.DIGITAL_AUTH_APP, municipality="総社市"
    )
    assert re.sub(r"\s+", " ", whole).strip() in words(browser).replace("\u3000", " ")
    await browser.send("/app")
    assert "印を付けてください" in words(browser)
    await browser.get(await hall.at_the_app(await agree(browser), deed="cancel"))
    assert browser.status == 422
    assert "登録" in words(browser)
    await browser.get("/me")
    assert browser.where == "/sign-in"

    back = await hall.at_the_app(await agree(browser), card=hall.app_card(holder))
    await other.get(back)
    assert (other.status, "始めたときと同じブラウザーで" in words(other)) == (400, True)
    await browser.get(back)
    assert browser.where == "/me"
    for fact in (holder.name, holder.address, "マイナアプリ", "女"):
        assert fact in words(browser)
    await browser.get(back)
    assert browser.status == 400

    again = await hall.browser()
    await by_the_app(hall, again, hall.app_card(holder))
    assert "連絡先 2件" in words(again)


async def test_who_registered_in_line_sees_it_all_on_the_web_and_takes_it_along(
    hall: CityHall,
) -> None:
    phone, browser = await hall.phone("hanako"), await hall.browser()
    await phone.register()
    await by_the_chat(phone, browser)
    holder = phone.holder
    assert holder.name in words(browser)
    assert holder.address in words(browser)
    await browser.get("/me/history")
    assert holder.address in words(browser)
    await browser.get("/me/contacts")
    assert "LINE" in words(browser)
    await browser.get("/me/looks")
    for look in ("すべての情報を見た", "登録した"):
        assert look in words(browser)
    await browser.get("/me/applications")
    assert "LINE" in words(browser)

    await browser.get("/me/export/json")
    assert browser.answer is not None
    exported = json.loads(browser.answer.content)
    assert exported["resident"]["basic_four"]["name"] == holder.name
    assert {one["channel"] for one in exported["resident"]["contacts"]} == {"line", "web"}
    await browser.get("/me/export/pdf")
    assert browser.answer.headers["content-type"] == "application/pdf"
    assert set(holder.name + holder.address) - {"　"} <= characters(opened(browser.answer.content))


async def test_what_is_chosen_on_the_web_is_what_line_says(hall: CityHall) -> None:
    await save(await hall.town.staff(Role.MESSENGER), "childcare")
    phone, browser = await hall.phone("hanako"), await hall.browser()
    await phone.register()
    await by_the_chat(phone, browser)
    await browser.get("/me/choices")
    await browser.send("/me/choices", language="en", topic=["childcare"])
    assert "Your choices were saved." in words(browser)

    menu = await phone.tap_in_menu("1:topics:1")
    assert "1:topic:childcare:off:1" in menu.data
    await phone.tap_in_menu("1:languages")
    assert "From now on" in (await phone.tap("1:speak:en")).words


@pytest.mark.parametrize("hall", [False, True], indirect=True, ids=["HS256", "ES256"])
async def test_line_login_opens_the_same_registration_once(hall: CityHall) -> None:
    phone, browser = await hall.phone("hanako"), await hall.browser()
    await by_line(hall, phone, browser)
    assert "このLINEアカウントでは登録が見つかりませんでした" in words(browser)
    await phone.register()

    back = await by_line(hall, phone, browser)

    assert browser.where == "/me", words(browser)
    assert phone.holder.name in words(browser)
    await browser.get(back)
    assert "始めたときと同じブラウザーで戻れませんでした" in words(browser)

    agreed = await hall.line.http.post(
        asking(hall.line, LINE_CALLBACK, nonce=NONCE),
        data={"person": phone.id, "decision": "agree"},
        allow_redirects=False,
    )
    code = query_of(agreed.headers["location"])["code"]
    token = (await exchange(hall.line, code, LINE_CALLBACK)).body["id_token"]
    web = await hall.town.channel("web")
    outcomes = []
    for nonce in (NONCE[::-1], NONCE, NONCE):
        contact = await a_contact(hall.town, web)
        asked = LinkByIdTokenRequest(
            external_id=contact.external_id,
            id_token=token,
            nonce=nonce,
            request_id=a_request_id(),
        )
        try:
            linked = await web.ask(web.access.LinkByIdToken, asked)
            outcomes.append(str(linked.contact.registered))
        except CoreError as refused:
            outcomes.append(refused.reason)
    assert outcomes == ["ID_TOKEN_REFUSED", "True", "ID_TOKEN_REFUSED"]


async def test_a_consent_is_read_given_and_given_again_without_a_new_proof(hall: CityHall) -> None:
    browser = await hall.browser()
    await by_the_app(hall, browser, hall.app_card(a_holder()))
    await browser.get("/me/consents")
    assert "「見守り」の文を読む" in words(browser)
    assert "「登録とお知らせ」の文を読む" not in words(browser)
    await browser.get("/me/consents/care/give")
    assert "班長に知らせます" in words(browser)
    await browser.send("/me/consents/care/give")
    assert "進むには、同意の印を付けてください" in words(browser)
    await browser.send("/me/consents/care/give", agree="yes")
    assert browser.where == "/me/consents"
    assert "文を読む" not in words(browser)

    withdraw = re.findall(r'href="(/me/consents/[^"]+/withdraw)"', browser.page)[-1]
    await browser.get(withdraw)
    await browser.send(withdraw)
    await browser.get("/me/consents/registration/give")
    assert "本人の確認は、やり直しません" in words(browser)
    await browser.send("/me/consents/registration/give", agree="yes")
    assert "「登録とお知らせ」の文を読む" not in words(browser)
    await browser.get("/me/consents/love/give")
    assert browser.status == 404
