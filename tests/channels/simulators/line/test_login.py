"""Signing in with LINE: what a web app's server sees, by LINE's documents."""

from urllib.parse import urlsplit

import pytest

from channels.simulators.line.settings import LoginChannel, Settings
from tests.channels.simulators.line.simulator import HANAKO, TARO, Hands, Line, simulating
from tests.channels.simulators.line.web_app import (
    LOGIN,
    asking,
    exchange,
    query_of,
    unfollowed,
    verify,
)

CALLBACK = "http://127.0.0.1:9/callback?from=line"


async def agreed(line: Line, person: str = HANAKO, **more: str) -> dict[str, str]:
    """Agree as a person outside a phone; returns what the web app is called back with."""
    status, url = await unfollowed(
        line,
        asking(line, CALLBACK, **more),
        "POST",
        data={"person": person, "decision": "agree"},
    )
    assert status == 302
    return query_of(url)


async def test_a_code_gives_an_id_token_with_the_user_id_of_the_messaging_api(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN, clock=Hands(1_764_000_000.9)) as line:
        called_back = await agreed(line)
        tokens = await exchange(line, called_back["code"], CALLBACK)
        claims = await verify(line, tokens.body["id_token"], nonce="a-nonce", user_id=HANAKO)

        assert called_back["state"] == "a state"
        assert called_back["from"] == "line"
        assert (tokens.status, claims.status) == (200, 200)
        assert tokens.body["expires_in"] == 30 * 24 * 3_600
        assert tokens.body["token_type"] == "Bearer"
        assert tokens.body["scope"] == "openid profile"
        assert claims.body == {
            "iss": "https://access.line.me",
            "sub": HANAKO,
            "aud": LOGIN.id,
            "exp": 1_764_003_600,
            "iat": 1_764_000_000,
            "nonce": "a-nonce",
            "amr": ["pwd"],
            "name": "市民a",
        }
        assert "x-line-request-id" in claims.headers


async def test_without_openid_there_is_no_id_token(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        code = (await agreed(line, scope="profile"))["code"]
        tokens = await exchange(line, code, CALLBACK)

        assert tokens.status == 200
        assert "id_token" not in tokens.body


async def test_without_profile_and_nonce_the_id_token_has_neither(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        code = (await agreed(line, scope="openid", nonce=""))["code"]
        token = (await exchange(line, code, CALLBACK)).body["id_token"]
        claims = (await verify(line, token)).body

        assert {"name", "nonce"}.isdisjoint(claims)


async def test_a_code_is_good_once(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        code = (await agreed(line))["code"]
        first = await exchange(line, code, CALLBACK)
        second = await exchange(line, code, CALLBACK)

        assert first.status == 200
        assert second.status == 400
        assert second.body["error"] == "invalid_grant"


async def test_a_code_is_good_for_ten_minutes(tmp_path) -> None:
    hands = Hands()
    async with simulating(tmp_path, login=LOGIN, clock=hands) as line:
        codes = [(await agreed(line))["code"] for _ in range(2)]
        hands.now += 599
        in_time = await exchange(line, codes[0], CALLBACK)
        hands.now += 1

        assert in_time.status == 200
        assert (await exchange(line, codes[1], CALLBACK)).status == 400


async def test_a_code_outlives_the_simulator(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        code = (await agreed(line))["code"]
    async with simulating(tmp_path, login=LOGIN) as line:
        assert (await exchange(line, code, CALLBACK)).status == 200


async def test_what_does_not_fit_the_code_gets_no_token(tmp_path) -> None:
    wrongs = [
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"client_id": ""}, "invalid_request"),
        ({"client_id": "1234567890"}, "invalid_client"),
        ({"client_secret": "guessed"}, "invalid_client"),
        ({"code": "guessed"}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:9/callback"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
    ]
    async with simulating(tmp_path, login=LOGIN) as line:
        for wrong, error in wrongs:
            code = (await agreed(line))["code"]
            refused = await exchange(line, **{"code": code, "callback": CALLBACK} | wrong)

            assert (wrong, refused.status) == (wrong, 400)
            assert (wrong, refused.body["error"]) == (wrong, error)


async def test_without_pkce_there_is_no_verifier(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        plain = {"code_challenge": "", "code_challenge_method": ""}
        code = (await agreed(line, **plain))["code"]
        unasked = await exchange(line, (await agreed(line, **plain))["code"], CALLBACK)

        assert (await exchange(line, code, CALLBACK, code_verifier="")).status == 200
        assert unasked.body["error"] == "invalid_grant"


async def test_a_wrong_request_goes_back_with_its_error(tmp_path) -> None:
    wrongs = [
        ({"response_type": "token"}, "UNSUPPORTED_RESPONSE_TYPE"),
        ({"scope": ""}, "INVALID_SCOPE"),
        ({"scope": "openid phone"}, "INVALID_SCOPE"),
        ({"state": ""}, "INVALID_REQUEST"),
        ({"prompt": "perhaps"}, "INVALID_REQUEST"),
        ({"bot_prompt": "loud"}, "INVALID_REQUEST"),
        ({"code_challenge_method": "plain"}, "INVALID_REQUEST"),
        ({"code_challenge": "short"}, "INVALID_REQUEST"),
        ({"response_mode": "form_post"}, "INVALID_REQUEST"),
        ({"prompt": "none"}, "LOGIN_REQUIRED"),
    ]
    async with simulating(tmp_path, login=LOGIN) as line:
        for wrong, error in wrongs:
            status, url = await unfollowed(line, asking(line, CALLBACK, **wrong))

            assert status == 302
            assert (wrong, query_of(url)["error"]) == (wrong, error)
            assert query_of(url).get("state", "") == wrong.get("state", "a state")
            assert urlsplit(url).netloc == "127.0.0.1:9"


async def test_a_stranger_is_called_back_nowhere(tmp_path) -> None:
    wrongs = [
        {"client_id": "1234567890"},
        {"client_id": ""},
        {"redirect_uri": "https://example.jp/callback"},
        {"redirect_uri": f"{CALLBACK}#top"},
        {"redirect_uri": ""},
    ]
    async with simulating(tmp_path, login=LOGIN) as line:
        for wrong in wrongs:
            asked = asking(line, **{"callback": CALLBACK} | wrong)

            assert (wrong, await unfollowed(line, asked)) == (wrong, (400, ""))


async def test_only_registered_addresses_are_called_back_where_there_are_some(tmp_path) -> None:
    known = "https://todoke.example.jp/callback"
    login = LoginChannel(id=LOGIN.id, secret=LOGIN.secret, callback_urls=(known,))
    async with simulating(tmp_path, login=login) as line:
        denied = {"data": {"decision": "cancel"}}
        good = await unfollowed(line, asking(line, f"{known}?a=1"), "POST", **denied)
        bad = await unfollowed(line, asking(line, CALLBACK), "POST", **denied)

        assert good[0] == 302
        assert good[1].startswith(f"{known}?a=1&error=ACCESS_DENIED")
        assert bad == (400, "")


@pytest.mark.parametrize(
    ("in_capitals", "error"), [(True, "ACCESS_DENIED"), (False, "access_denied")]
)
async def test_who_cancels_is_sent_back_without_a_code(tmp_path, in_capitals, error) -> None:
    login = LoginChannel(id=LOGIN.id, secret=LOGIN.secret, has_error_codes_in_capitals=in_capitals)
    async with simulating(tmp_path, login=login) as line:
        _, url = await unfollowed(
            line, asking(line, CALLBACK), "POST", data={"person": TARO, "decision": "cancel"}
        )

        assert query_of(url) == {
            "from": "line",
            "error": error,
            "error_description": "The resource owner denied the request.",
            "state": "a state",
        }


async def test_outside_a_phone_one_says_who_one_is(tmp_path) -> None:
    async with (
        simulating(tmp_path, login=LOGIN) as line,
        line.http.get(asking(line, CALLBACK)) as answer,
    ):
        page = await answer.text()

        assert f'<option value="{HANAKO}">市民a' in page
        assert f'<option value="{TARO}">市民b' in page


async def test_nobody_signs_in_as_nobody(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        form = {"person": "U" + "0" * 32, "decision": "agree"}
        status, _ = await unfollowed(line, asking(line, CALLBACK), "POST", data=form)

        assert status == 404


async def test_without_a_login_channel_nobody_signs_in(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        assert await unfollowed(line, asking(line, CALLBACK)) == (400, "")
        assert (await exchange(line, "code", CALLBACK)).status == 404
        assert (await verify(line, "token")).status == 404
        assert (await line.ask("GET", "/oauth2/v2.1/certs")).status == 404
        assert (await line.ask("GET", f"/phone/{HANAKO}/id-token")).status == 400


async def test_a_body_that_is_no_form_is_refused(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        answer = await line.ask("POST", "/oauth2/v2.1/verify", json={"id_token": "x"})

        assert answer.status == 415


@pytest.mark.parametrize(
    ("fault", "status", "on_retry"),
    [
        ("too_many_requests", 429, 200),
        ("error_before_accept", 500, 200),
        ("error_after_accept", 500, 400),
    ],
)
async def test_a_code_is_spent_by_what_was_accepted(tmp_path, fault, status, on_retry) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        code = (await agreed(line))["code"]
        await line.fault(fault, count=1)

        assert (await exchange(line, code, CALLBACK)).status == status
        assert (await exchange(line, code, CALLBACK)).status == on_retry


async def test_login_has_rate_limits_of_its_own(tmp_path) -> None:
    few = {
        "POST /oauth2/v2.1/verify": Settings.rates_of_line()["POST /v2/bot/channel/webhook/test"]
    }
    async with simulating(tmp_path, login=LOGIN, rates=few) as line:
        statuses = [(await verify(line, "x")).status for _ in range(61)]

        assert statuses == [400] * 60 + [429]
