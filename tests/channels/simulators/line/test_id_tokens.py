"""ID tokens as LINE makes and verifies them, and as they are when something is wrong."""

import pytest
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet, OctKey

from channels.simulators.line.settings import LoginChannel
from tests.channels.simulators.line.simulator import HANAKO, TARO, Hands, Line, simulating
from tests.channels.simulators.line.web_app import (
    LOGIN,
    asking,
    exchange,
    query_of,
    unfollowed,
    verify,
)

CALLBACK = "http://127.0.0.1:9/callback"
ES256 = LoginChannel(id=LOGIN.id, secret=LOGIN.secret, uses_es256=True)


async def web_token(line: Line) -> str:
    _, url = await unfollowed(
        line, asking(line, CALLBACK), "POST", data={"person": HANAKO, "decision": "agree"}
    )
    tokens = await exchange(line, query_of(url)["code"], CALLBACK)
    token: str = tokens.body["id_token"]
    return token


async def liff_token(line: Line) -> str:
    token: str = (await line.ask("GET", f"/phone/{HANAKO}/id-token")).body["id_token"]
    return token


async def keys_of(line: Line) -> KeySet:
    return KeySet.import_key_set((await line.ask("GET", "/oauth2/v2.1/certs")).body)


async def test_a_web_apps_token_is_signed_with_the_channel_secret(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        token = await web_token(line)
        claims = jwt.decode(token, OctKey.import_key(LOGIN.secret), algorithms=["HS256"]).claims

        assert jws.extract_compact(token.encode()).headers() == {"typ": "JWT", "alg": "HS256"}
        assert claims["sub"] == HANAKO


async def test_a_liff_apps_token_is_signed_by_a_key_that_line_publishes(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        token = await liff_token(line)
        claims = jwt.decode(token, await keys_of(line), algorithms=["ES256"]).claims

        assert claims["sub"] == HANAKO
        assert claims["aud"] == LOGIN.id
        assert claims["amr"] == ["linesso"]
        assert "nonce" not in claims
        assert (await verify(line, token, user_id=HANAKO)).body == claims


async def test_by_a_switch_web_apps_get_tokens_by_es256_too(tmp_path) -> None:
    async with simulating(tmp_path, login=ES256) as line:
        token = await web_token(line)

        assert jwt.decode(token, await keys_of(line), algorithms=["ES256"]).claims["sub"] == HANAKO
        assert (await verify(line, token, nonce="a-nonce")).status == 200


async def test_the_key_stays_the_same_and_its_private_part_at_home(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        before = await line.ask("GET", "/oauth2/v2.1/certs")
        token = await liff_token(line)
    async with simulating(tmp_path, login=LOGIN) as line:
        after = await line.ask("GET", "/oauth2/v2.1/certs")

        assert before.body == after.body
        assert (await verify(line, token)).status == 200
        (key,) = after.body["keys"]
        assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}


@pytest.mark.parametrize("login", [LOGIN, ES256], ids=["HS256", "ES256"])
async def test_a_faulty_token_is_not_vouched_for(tmp_path, login) -> None:
    faults = [
        ("id_token_wrong_signature", "Invalid IdToken."),
        ("id_token_wrong_issuer", "Invalid IdToken Issuer."),
        ("id_token_expired", "IdToken expired."),
        ("id_token_wrong_audience", "Invalid IdToken Audience."),
        ("id_token_of_other_channel", "Invalid IdToken Audience."),
        ("id_token_wrong_nonce", "Invalid IdToken Nonce."),
    ]
    async with simulating(tmp_path, login=login) as line:
        for fault, words in faults:
            await line.fault(fault, count=1)
            faulty, good = await web_token(line), await web_token(line)
            refused = await verify(line, faulty, nonce="a-nonce")

            assert (fault, refused.status) == (fault, 400)
            assert refused.body == {"error": "invalid_request", "error_description": words}
            assert (await verify(line, good, nonce="a-nonce")).status == 200


async def test_the_other_channels_token_does_not_open_with_our_secret(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        await line.fault("id_token_of_other_channel", count=1)
        token = await web_token(line)

        with pytest.raises(BadSignatureError):
            jwt.decode(token, OctKey.import_key(LOGIN.secret), algorithms=["HS256"])


async def test_a_token_that_is_not_as_expected_is_refused(tmp_path) -> None:
    expectations = [
        ({"client_id": "1234567890"}, "Invalid IdToken Audience."),
        ({"nonce": "another"}, "Invalid IdToken Nonce."),
        ({"user_id": TARO}, "Invalid IdToken Subject Identifier."),
        ({"client_id": ""}, "client_id is required"),
        ({"id_token": ""}, "id_token is required"),
    ]
    async with simulating(tmp_path, login=LOGIN) as line:
        token = await web_token(line)
        for asked, words in expectations:
            refused = await verify(line, **{"token": token} | asked)

            assert refused.status == 400
            assert refused.body == {"error": "invalid_request", "error_description": words}


async def test_a_liff_token_has_no_nonce_to_expect(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        refused = await verify(line, await liff_token(line), nonce="a-nonce")

        assert refused.body["error_description"] == "Invalid IdToken Nonce."


async def test_a_token_is_good_for_an_hour(tmp_path) -> None:
    hands = Hands()
    async with simulating(tmp_path, login=LOGIN, clock=hands) as line:
        token = await web_token(line)
        hands.now += 3_599
        in_time = await verify(line, token)
        hands.now += 1

        assert in_time.status == 200
        assert (await verify(line, token)).status == 400


async def test_what_is_no_token_is_refused_as_one(tmp_path) -> None:
    async with simulating(tmp_path, login=LOGIN) as line:
        for token in ("x", "x.y.z", "..", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "氏.名.印"):
            refused = await verify(line, token)

            assert refused.status == 400
            assert refused.body["error_description"] == "Invalid IdToken."
