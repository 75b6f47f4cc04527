"""What a person sees and does on the page, without a browser's help."""

import asyncio
import re

import pytest

from tests.channels.simulators.auth_app.party import (
    REALM,
    Hands,
    a_card,
    a_provider,
    answer_of,
    words_of,
)


async def test_a_person_sees_who_asks_for_what_and_agrees(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask()
        answer = answer_of(await party.press(page, card=card))

        assert "「とどけ市」に渡す情報 氏名 住所 生年月日 性別" in words_of(page)
        assert answer.keys() == {"lang", "code", "state", "session_state"}
        assert answer["state"] == "the state ~"
        assert page.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert "<script" not in page.text


async def test_the_page_names_only_what_is_asked_for(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        assert "渡す情報 住所 カード" in words_of(await party.ask(scope="openid address"))
        assert "氏名などは渡しません" in words_of(await party.ask(scope="openid"))


async def test_a_person_who_cancels_is_sent_back_without_a_code(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask()
        answer = answer_of(await party.press(page, deed="cancel", pin=""))

        assert answer["error"] == "access_denied"
        assert answer["state"] == "the state ~"
        assert "もう使えません" in (await party.press(page, card=card)).text


async def test_nobody_agrees_without_the_button(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        said = await party.press(await party.ask(), card=card, deed="")

        assert said.status_code == 200
        assert "同意して認証する" in said.text


async def test_three_wrong_pins_lock_the_card(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask()
        said = [await party.press(page, card=card, pin="9999") for _ in range(3)]
        after = await party.press(page, card=card)

        assert [each.status_code for each in [*said, after]] == [422] * 4
        assert "あと2回" in said[0].text
        assert "あと1回" in said[1].text
        assert "ロックされています" in said[2].text
        assert "ロックされています" in after.text
        assert answer_of(await party.press(after, card=a_card(authority)))["code"]


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "１２３４"])
async def test_what_is_no_pin_costs_no_try(tmp_path, authority, pin) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask()
        said = await party.press(page, card=card, pin=pin)
        wrong = await party.press(page, card=card, pin="9999")

        assert "数字4桁で入力してください" in said.text
        assert 'aria-invalid="true"' in said.text
        assert "あと2回" in wrong.text


@pytest.mark.parametrize("card", ["", "card-of-nobody", "../cards"])
async def test_a_card_must_be_chosen(tmp_path, authority, card) -> None:
    a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        said = await party.press(await party.ask(), card=card)

        assert said.status_code == 422
        assert "カードを持っている人を選んでください" in said.text


async def test_a_lost_card_is_not_taken(tmp_path, authority) -> None:
    card = a_card(authority)
    authority.revoke(card, "keyCompromise")
    async with a_provider(tmp_path, authority.cards) as party:
        assert "失効している" in (await party.press(await party.ask(), card=card)).text


async def test_a_person_is_found_by_name(tmp_path, authority) -> None:
    card = a_card(authority, "髙橋　一二三")
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask()
        id = re.search(r'name="request" value="([^"]+)"', page.text)[1]
        action = f"{party.url}{REALM}/login-actions/authenticate"
        found = await party.http.get(action, params={"request": id, "q": "髙橋 一二三"})
        none = await party.http.get(action, params={"request": id, "q": "だれでもない"})

        assert found.text.count("<option") == 2
        assert f'value="{card}" selected' in found.text
        assert "見つかりません" in none.text
        assert answer_of(await party.press(found, card=card))["code"]


async def test_a_card_issued_while_the_simulator_runs_is_offered(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        await party.ask()
        card = a_card(authority)

        assert card in (await party.ask()).text


async def test_the_card_is_preset_by_a_hint_and_by_the_last_use(tmp_path, authority) -> None:
    first, second = a_card(authority, "一番　目"), a_card(authority, "二番　目")
    async with a_provider(tmp_path, authority.cards) as party:
        hinted = await party.ask(login_hint=first)
        assert "カード 一番　目" in words_of(hinted).replace(" 目", "　目")
        assert answer_of(await party.press(hinted))["code"]

        remembered = await party.ask()
        assert f'name="card" value="{first}"' in remembered.text
        assert f'name="card" value="{second}"' in (await party.ask(login_hint=second)).text
        other = re.search(r'href="([^"]+)">ほかのカードを使う', remembered.text)[1]
        assert "<select" in (await party.http.get(party.url + other)).text


async def test_a_page_ends_with_its_use_or_its_time(tmp_path, authority) -> None:
    hands = Hands()
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards, clock=hands) as party:
        used, late = await party.ask(), await party.ask()
        await party.press(used, card=card)
        again = await party.press(used, card=card)
        hands.now += 600

        assert again.status_code == 400
        assert "もう使えません" in again.text
        assert (await party.press(late, card=card)).status_code == 400


async def test_two_presses_at_once_give_one_code(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask()
        answers = await asyncio.gather(*(party.press(page, card=card) for _ in range(3)))

        assert sorted(answer.status_code for answer in answers) == [303, 400, 400]


async def test_a_page_made_in_another_browser_is_not_taken(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask()
        party.http.cookies.clear()
        said = await party.press(page, card=card)

        assert said.status_code == 400
