"""Someone else's client goes the whole way, and refuses what it should refuse."""

import time
import warnings
from typing import Any

import httpx
import pytest
from joserfc.errors import JoseError

from tests.channels.simulators.auth_app.party import (
    CALLBACK,
    CLIENT,
    FOUR,
    KEY,
    Party,
    a_card,
    a_server,
)


def someone_elses(party: Party) -> Any:
    with warnings.catch_warnings():
        # It speaks by httpx, as we do, and says on import that it would rather by another; only
        # after its own filter can one be set that silences it.
        import authlib.deprecate  # noqa: F401

        warnings.simplefilter("ignore")
        from authlib.integrations.starlette_client import OAuth
        from authlib.oauth2.rfc7523 import PrivateKeyJWT

    assertion = PrivateKeyJWT(
        party.endpoint("token"),
        claims={"exp": int(time.time()) + 120},
        headers={"kid": "city-1"},
        alg="ES256",
    )
    return OAuth().register(
        "auth_app",
        client_id=CLIENT,
        client_secret=KEY,
        client_auth_methods=[assertion],
        server_metadata_url=f"{party.url}/api/realms/main/.well-known/openid-configuration",
        client_kwargs={
            "scope": FOUR,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "private_key_jwt",
        },
    )


async def whole(client: Any, party: Party, card: str) -> tuple[Any, Any]:
    """Go the whole way; return what the ID token and userinfo say."""
    began = await client.create_authorization_url(CALLBACK)
    page = await party.http.get(began["url"])
    back = await party.press(page, card=card)
    answer = dict(httpx.URL(back.headers["location"]).params)
    assert answer["state"] == began["state"]
    token = await client.fetch_access_token(
        CALLBACK, code=answer["code"], code_verifier=began["code_verifier"]
    )
    said = await client.parse_id_token(token, nonce=began["nonce"])
    return said, await client.userinfo(token=token)


async def test_authlib_goes_the_whole_way(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_server(tmp_path, authority.cards) as party:
        said, told = await whole(someone_elses(party), party, card)

        assert said["name"] == told["name"] == "佐藤　花子"
        assert said["sub"] == told["sub"]
        assert said["aud"] == CLIENT
        assert told["address"] == {"formatted": "岡山県総社市中央１丁目１番１号"}
        assert (told["birthdate"], told["gender"]) == ("19850315", "2")


async def test_authlib_fetches_the_keys_anew_after_they_changed(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_server(tmp_path, authority.cards) as party:
        client = someone_elses(party)
        await client.fetch_jwk_set()
        await party.http.post(f"{party.url}/admin/keys")

        said, _ = await whole(client, party, card)
        assert said["name"] == "佐藤　花子"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("wrong_nonce", "Invalid claim: 'nonce'"),
        ("wrong_audience", "Missing claim: 'azp'"),
        ("wrong_issuer", "Invalid claim: 'iss'"),
        ("wrong_at_hash", "Invalid claim: 'at_hash'"),
        ("expired_token", "expired"),
        ("unsigned_token", "'none' is not allowed"),
        ("foreign_signature", "bad_signature"),
    ],
)
async def test_authlib_refuses_what_the_faults_make(tmp_path, authority, fault, words) -> None:
    card = a_card(authority)
    async with a_server(tmp_path, authority.cards) as party:
        await party.fault(fault)

        with pytest.raises(JoseError, match=words):
            await whole(someone_elses(party), party, card)
