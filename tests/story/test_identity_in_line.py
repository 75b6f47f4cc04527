"""What a resident does about their registration in the chat, and what the web then shows of it."""

import re
from dataclasses import replace

import httpx

from tests.cards import a_holder
from tests.story.phone import Phone
from tests.story.walking import by_the_app, by_the_chat, link_of, words
from tests.story.whole import CityHall


async def registered(hall: CityHall, person: str) -> Phone:
    phone = await hall.phone(person)
    await phone.register()
    return phone


async def test_a_person_registers_in_line_by_the_app(hall: CityHall) -> None:
    phone = await hall.phone("hanako")
    card = hall.app_card(phone.holder)
    [address] = (await phone.tap("1:app")).links
    async with httpx.AsyncClient() as browser:
        page = await browser.get(address)
        form = dict(re.findall(r'name="(version|attempt)" value="([^"]*)"', page.text))
        went = await browser.post(address, data=form)
        back = await hall.at_the_app(went.headers["location"], card=card)
        async with httpx.AsyncClient() as other:
            assert (await other.get(back)).status_code == 403
        assert "登録が終わりました" in (await browser.get(back)).text
    await phone.hear("登録が終わりました")

    web = await hall.browser()
    await by_the_chat(phone, web)
    assert phone.holder.name in words(web)
    assert "マイナアプリ" in words(web)


async def test_a_grandmothers_card_on_the_grandsons_phone_makes_him_her_proxy(
    hall: CityHall,
) -> None:
    grandson = await registered(hall, "taro")
    grandmother = a_holder(name="総社　ハナ", address="岡山県総社市駅前２丁目１番１号")
    hall.new_card("hana", grandmother)
    await grandson.tap_in_menu("1:family")
    await grandson.tap("1:by_card")
    challenge = await grandson.tap("1:by_card_until:years1:apply")
    told = await grandson.hold_card(challenge, "総社　ハナさんの代理になりました", card="hana")
    assert "2027年11月24日" in told.words

    browser = await hall.browser()
    await by_the_chat(grandson, browser)
    await browser.get("/me/proxies")
    assert "総社　ハナ" in words(browser)
    await browser.send("/me/acting")
    assert browser.where == "/me"
    assert grandmother.address in words(browser)
    assert grandson.holder.address not in words(browser)
    for page in ("/me/delete", "/me/consents", "/me/contacts", "/me/export/json"):
        await browser.get(page)
        assert browser.where != page, page
    await browser.get("/me/history")
    assert grandmother.address in words(browser)
    await browser.send("/me/acting")
    assert grandson.holder.address in words(browser)

    await browser.get("/me/proxies")
    await browser.get(link_of(browser, '/me/proxies/[^"]+/end'))
    await browser.post(browser.where, browser.hidden(browser.where))
    assert browser.where == "/me/proxies"
    assert "の登録を見る" not in words(browser)
    await grandson.hear("代理が終わりました")


async def test_a_code_offered_on_the_web_is_typed_into_the_chat(hall: CityHall) -> None:
    mother, son = await registered(hall, "hanako"), await registered(hall, "taro")
    browser = await hall.browser()
    await by_the_chat(mother, browser)
    await browser.get("/me/proxies")
    await browser.send("/me/proxies", scope=["1"], until="2027-03-31")
    code = "".join(re.findall(r"<span>(\w{5})</span>", browser.page))
    assert len(code) == 10, words(browser)
    await son.write(code.lower())
    told = await son.tap(f"1:proxy_code:{code}", count=2)
    assert mother.holder.name in told.words
    await mother.hear("あなたの代理になりました")
    assert f"{mother.holder.name}さんの代理です" in (await listed(son)).words

    ending = await listed(mother)
    [end] = [data for data in ending.data if data.startswith("1:end:")]
    await mother.choose(await mother.tap(end), "end_sure")
    await son.hear("代理が終わりました")
    again = await registered(hall, "jiro")
    await again.write(code)
    refused = await again.tap(f"1:proxy_code:{code}")
    assert "代理になりました" not in refused.words


async def listed(phone: Phone):
    await phone.tap_in_menu("1:family")
    return await phone.tap("1:proxies:1")


async def test_consent_is_withdrawn_and_given_again_by_a_new_proof(hall: CityHall) -> None:
    phone, browser = await registered(hall, "hanako"), await hall.browser()
    await by_the_chat(phone, browser)
    consents = await phone.tap_in_menu("1:consents:1", page=2)
    asked = await phone.choose(consents, "withdraw")
    said = await phone.choose(asked, "withdraw_sure", count=2)
    assert "取り消しました" in said.words
    assert (
        "いま続いている同意はありません" in (await phone.tap_in_menu("1:consents:1", page=2)).words
    )

    await browser.get("/me/consents")
    assert "取り消しました" in words(browser)
    await phone.tap_in_menu("1:register")
    await phone.hold_card(await phone.tap("1:register"), "登録の内容を")
    await browser.get("/me/consents")
    await browser.get(link_of(browser, '/me/consents/[^"]+/withdraw'))
    await browser.post(browser.where, browser.hidden(browser.where))
    assert "同意を取り消しました" in words(browser)


async def test_what_was_deleted_in_line_opens_nowhere_and_may_begin_anew(hall: CityHall) -> None:
    phone, browser = await registered(hall, "hanako"), await hall.browser()
    await by_the_chat(phone, browser)
    asked = await phone.tap_in_menu("1:delete", page=2)
    assert "元には戻せません" in asked.words
    assert "登録を消しました" in (await phone.choose(asked, "delete_sure")).words

    await browser.get("/me")
    assert browser.where == "/sign-in"
    assert phone.holder.name not in browser.page
    assert "まだ登録がありません" in (await phone.tap("1:menu:1")).words
    await phone.register()
    await by_the_chat(phone, browser)
    assert phone.holder.name in words(browser)


async def test_what_was_deleted_on_the_web_is_gone_from_line(hall: CityHall) -> None:
    phone, browser = await registered(hall, "hanako"), await hall.browser()
    await by_the_chat(phone, browser)
    await browser.get("/me/delete")
    await browser.send("/me/delete", understood="yes", word="さくじょ")
    assert browser.where == "/goodbye"
    assert "登録を消しました" in words(browser)
    await browser.get("/me")
    assert browser.where == "/sign-in"
    assert "まだ登録がありません" in (await phone.tap("1:menu:1")).words


async def test_this_line_is_taken_from_the_registration_and_the_web_goes_on(
    hall: CityHall,
) -> None:
    phone, browser = await registered(hall, "hanako"), await hall.browser()
    await by_the_chat(phone, browser)
    asked = await phone.tap_in_menu("1:unlink", page=2)
    assert "外しました" in (await phone.choose(asked, "unlink_sure", count=2)).words
    await browser.get("/me")
    assert phone.holder.name in words(browser)
    assert "連絡先 1件" in words(browser)
    await browser.send("/sign-out")
    await browser.get("/me")
    assert browser.where == "/sign-in"


async def test_who_moved_renews_by_the_new_card_when_the_old_one_is_revoked(
    hall: CityHall,
) -> None:
    phone, browser = await registered(hall, "hanako"), await hall.browser()
    old = phone.holder.address
    hall.cards.revoke(hall.wallet.cards["hanako"])
    await hall.town.running.jobs.run_due()
    due = await phone.hear("電子証明書が失効しています")
    assert "1:register" in due.data
    await by_the_chat(phone, browser)
    assert "登録の確認をお願いします" in words(browser)

    new = replace(phone.holder, address="岡山県総社市清音１番地")
    hall.new_card("hanako", new)
    await phone.hold_card(await phone.tap("1:register"), "登録の内容を")
    await browser.get("/me")
    assert new.address in words(browser)
    assert old not in words(browser)
    assert "登録の確認をお願いします" not in words(browser)
    await browser.get("/me/history")
    assert words(browser).count("岡山県総社市") == 2
    assert old in words(browser)


async def test_who_proves_it_by_the_app_is_asked_no_more(hall: CityHall) -> None:
    phone, browser = await registered(hall, "hanako"), await hall.browser()
    await by_the_chat(phone, browser)
    hall.cards.revoke(hall.wallet.cards["hanako"])
    await hall.town.running.jobs.run_due()
    await phone.hear("電子証明書が失効しています")
    await by_the_app(hall, browser, hall.app_card(phone.holder))
    assert "登録の確認をお願いします" not in words(browser)
