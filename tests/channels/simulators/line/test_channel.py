"""The channel's own endpoints: profile, loading animation, stateless tokens."""

import pytest

from tests.channels.simulators.line.simulator import (
    HANAKO,
    NOBODY,
    SECRET,
    TARO,
    Hands,
    simulating,
)

TOKEN = "/oauth2/v3/token"
CREDENTIALS = {
    "grant_type": "client_credentials",
    "client_id": "1234567890",
    "client_secret": SECRET,
}


async def test_a_friend_has_a_profile_and_others_have_none(tmp_path) -> None:
    async with simulating(tmp_path) as line:
        await line.do(TARO, "unfollow")
        friend = await line.api("GET", f"/profile/{HANAKO}")

        assert friend.body == {"userId": HANAKO, "displayName": "市民a", "language": "ja"}
        for other in (TARO, NOBODY):
            answer = await line.api("GET", f"/profile/{other}")
            assert (answer.status, answer.body) == (404, {"message": "Not found"})


async def test_the_account_tells_who_it_is(tmp_path) -> None:
    async with simulating(tmp_path, account_name="みどり市") as line:
        assert (await line.api("GET", "/info")).body["displayName"] == "みどり市"


@pytest.mark.parametrize(
    ("seconds", "status", "words"),
    [
        (5, 202, None),
        (60, 202, None),
        (65, 400, "Must be between 5 and 60"),
        (7, 400, "must be a multiple of five"),
    ],
)
async def test_a_loading_animation_lasts_some_fives_of_seconds(
    tmp_path, seconds, status, words
) -> None:
    async with simulating(tmp_path) as line:
        body = {"chatId": HANAKO, "loadingSeconds": seconds}
        answer = await line.api("POST", "/chat/loading/start", body)

        assert answer.status == status
        assert words is None or answer.body["details"][0]["message"] == words


async def test_a_stateless_token_opens_the_api_for_fifteen_minutes(tmp_path) -> None:
    hands = Hands()
    async with simulating(tmp_path, clock=hands) as line:
        token = (await line.ask("POST", TOKEN, data=CREDENTIALS)).body
        bearer = {"authorization": f"Bearer {token['access_token']}"}
        assert (token["token_type"], token["expires_in"]) == ("Bearer", 900)

        assert (await line.ask("GET", "/v2/bot/info", headers=bearer)).status == 200
        hands.now += 900
        assert (await line.ask("GET", "/v2/bot/info", headers=bearer)).status == 401


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_secret": "guess"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_a_token_is_for_who_knows_the_secret(tmp_path, change, error) -> None:
    async with simulating(tmp_path) as line:
        answer = await line.ask("POST", TOKEN, data=CREDENTIALS | change)

        assert (answer.status, answer.body["error"]) == (400, error)
