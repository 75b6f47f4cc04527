"""What the token endpoint takes: one code, once, in time, from its client and its browser."""

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from tests.channels.simulators.auth_app.party import (
    CLIENT,
    KEY,
    RSA,
    Hands,
    a_card,
    a_provider,
    half_hash,
    write_keys,
)


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def refusal(answer) -> tuple[int, str, str]:
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    return answer.status_code, body["error"], body["error_description"]


@pytest.mark.parametrize("key", [KEY, RSA], ids=["ES256", "RS256"])
async def test_a_code_gives_tokens(tmp_path, authority, key) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        party.key = key
        answer = await party.exchange(await party.code(card, acr_values="aal3 crl"))
        tokens = answer.json()
        certs = (await party.http.get(party.endpoint("certs"))).json()
        signed = jwt.decode(
            tokens["id_token"], ECKey.import_key(certs["keys"][0]), algorithms=["ES256"]
        )

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert tokens["token_type"] == "Bearer"
        assert tokens["scope"] == "openid name address birthdate gender"
        assert signed.header["kid"] == certs["keys"][0]["kid"]
        assert signed.claims == {
            "iss": f"{party.url}/api/realms/main",
            "sub": signed.claims["sub"],
            "aud": CLIENT,
            "exp": 1_764_000_300,
            "iat": 1_764_000_000,
            "auth_time": 1_764_000_000,
            "nonce": "the nonce ~",
            "acr": "aal3 crl",
            "at_hash": half_hash(tokens["access_token"]),
            "name": "佐藤　花子",
            "address": {"formatted": "岡山県総社市中央１丁目１番１号"},
            "birthdate": "19850315",
            "gender": "2",
        }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"aud": "https://thief.example/token"}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": 1_764_000_311}, "over 300 s away"),
        ({"exp": 1_763_999_990}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "1764000060"}, "exp"),
        ({"exp": float("nan")}, "exp"),
        ({"iat": 1_764_000_060}, "in the future"),
        ({"nbf": 1_764_000_060}, "not yet valid"),
        ({"jti": None}, "jti"),
        ({"jti": ""}, "jti"),
        ({"jti": 7}, "jti"),
        ({"jti": "j" * 256}, "jti must be 1 to 255"),
        ({"iss": "RP00000002"}, "iss"),
        ({"iss": None}, "iss"),
        ({"sub": "RP00000003"}, "no JWT of a registered client"),
        ({"sub": None}, "no JWT of a registered client"),
        ({"sub": ["RP00000001"]}, "no JWT of a registered client"),
        ({"header": {"kid": "city-9"}}, "not signed"),
    ],
    ids=str,
)
async def test_an_assertion_that_proves_nothing_is_refused(
    tmp_path, authority, changes, words
) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        answer = await party.exchange("code", client_assertion=party.assertion(**changes))

        status, error, description = refusal(answer)
        assert (status, error) == (401, "invalid_client")
        assert words in description


async def test_an_assertion_for_other_servers_too_is_refused(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        ours = [party.endpoint("token"), f"{party.url}/api/realms/main"]
        taken = await party.exchange("code", client_assertion=party.assertion(aud=ours))
        shared = party.assertion(aud=[*ours, "https://thief.example"])
        refused = await party.exchange("code", client_assertion=shared)

        assert refusal(taken)[1] == "invalid_grant"
        assert "this server alone" in refusal(refused)[2]


async def test_an_assertion_works_once(tmp_path, authority) -> None:
    hands = Hands()
    async with a_provider(tmp_path, authority.cards, clock=hands) as party:
        assertion = party.assertion(exp=int(hands.now) + 300)
        first = await party.exchange("code", client_assertion=assertion)
        hands.now += 309
        second = await party.exchange("code", client_assertion=assertion)

        assert refusal(first)[1] == "invalid_grant"
        assert "used before" in refusal(second)[2]


@pytest.mark.parametrize(
    "assertion",
    [
        "",
        "a.b",
        "a.b.c",
        f"{part([])}.{part({'sub': CLIENT})}.AAAA",
        f"{part({'alg': ['ES256']})}.{part({'sub': CLIENT})}.AAAA",
        f"{part({'typ': 'JWT'})}.{part({'sub': CLIENT})}.AAAA",
        f"{part({'alg': 'ES256'})}.{part([CLIENT])}.AAAA",
        f"{part({'alg': 'none'})}.{part({'sub': CLIENT, 'iss': CLIENT})}.",
        "四.五.六",
    ],
)
async def test_what_is_no_assertion_is_refused(tmp_path, authority, assertion) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        answer = await party.exchange("code", client_assertion=assertion)

        assert refusal(answer)[:2] == (401, "invalid_client")


async def test_another_key_of_the_same_name_proves_nothing(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        party.key = ECKey.generate_key("P-256", {"kid": "city-1"})

        assert "not signed" in refusal(await party.exchange("code"))[2]


async def test_the_public_key_is_no_shared_secret(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        secret = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
        claims = party.claims(party.assertion())
        forged = jwt.encode({"alg": "HS256"}, claims, secret, algorithms=["HS256"])

        assert refusal(await party.exchange("code", client_assertion=forged))[0] == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"client_assertion_type": None},
        {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"},
        {"client_assertion": None},
        {"client_secret": "secret"},
        {"client_id": "RP00000002"},
    ],
    ids=str,
)
async def test_a_client_authenticates_by_private_key_jwt_only(tmp_path, authority, changes) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        assert refusal(await party.exchange("code", **changes))[:2] == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"grant_type": None}, "invalid_request", "grant_type is missing"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type", "authorization_code"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type", "authorization_code"),
        ({"code": None}, "invalid_request", "code is missing"),
        ({"code": "another"}, "invalid_grant", "no such code"),
        ({"redirect_uri": None}, "invalid_request", "redirect_uri is missing"),
        ({"redirect_uri": "app.city://back"}, "invalid_grant", "redirect_uri is not that"),
        ({"code_verifier": None}, "invalid_request", "code_verifier is missing"),
        ({"code_verifier": "short"}, "invalid_grant", "43 to 128"),
        ({"code_verifier": "v" * 129}, "invalid_grant", "43 to 128"),
        ({"code_verifier": "v" * 43}, "invalid_grant", "does not fit"),
    ],
    ids=str,
)
async def test_a_code_is_given_out_only_for_all_that_belongs_to_it(
    tmp_path, authority, changes, error, words
) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        answer = await party.exchange(await party.code(card), **changes)

        status, found, description = refusal(answer)
        assert (status, found) == (400, error)
        assert words in description


async def test_a_failed_try_uses_the_code_up(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        code = await party.code(card)
        await party.exchange(code, code_verifier="v" * 43)

        assert "used before" in refusal(await party.exchange(code))[2]


async def test_a_second_use_of_a_code_revokes_what_the_first_gave(tmp_path, authority) -> None:
    hands = Hands()
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards, clock=hands) as party:
        code = await party.code(card)
        access_token = (await party.exchange(code)).json()["access_token"]
        before = await party.userinfo(access_token)
        hands.now += 200
        second = await party.exchange(code)

        assert before.status_code == 200
        assert refusal(second)[:2] == (400, "invalid_grant")
        assert (await party.userinfo(access_token)).status_code == 401


async def test_a_code_lives_a_minute(tmp_path, authority) -> None:
    hands = Hands()
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards, clock=hands) as party:
        in_time, late = await party.code(card), await party.code(card)
        hands.now += 59.9
        first = await party.exchange(in_time)
        hands.now += 0.1

        assert first.status_code == 200
        assert "expired" in refusal(await party.exchange(late))[2]


async def test_another_client_cannot_use_the_code_and_does_not_spoil_it(
    tmp_path, authority
) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        code = await party.code(card)
        party.client_id = "RP00000002"
        thief = await party.exchange(code)
        party.client_id = CLIENT

        assert refusal(thief)[:2] == (400, "invalid_grant")
        assert (await party.exchange(code)).status_code == 200


async def test_only_a_form_in_the_body_is_read(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        url = party.endpoint("token")
        as_json = await party.http.post(url, json=party.form("code"))
        in_query = await party.http.post(url, params=party.form("code"), data={"code": "x"})
        twice = {**party.form("code"), "code": ["a", "b"]}
        with_header = await party.http.post(url, data=party.form("code"), auth=(CLIENT, "secret"))
        kind = {"content-type": "application/x-www-form-urlencoded"}
        not_ascii = await party.http.post(url, content="code=コード".encode(), headers=kind)

        assert refusal(as_json)[:2] == (400, "invalid_request")
        assert refusal(in_query)[:2] == (400, "invalid_request")
        assert "more than once" in refusal(await party.http.post(url, data=twice))[2]
        assert refusal(with_header)[:2] == (401, "invalid_client")
        assert refusal(not_ascii)[:2] == (400, "invalid_request")
        assert (await party.http.get(url)).status_code == 405


async def test_a_client_may_change_its_keys_while_the_simulator_runs(tmp_path, authority) -> None:
    card = a_card(authority)
    async with a_provider(tmp_path, authority.cards) as party:
        fresh = ECKey.generate_key("P-256", {"use": "sig", "kid": "city-3"})
        jwks = write_keys(tmp_path / "client-jwks.json", fresh)
        old = await party.exchange("code")
        party.key = fresh
        new = await party.exchange(await party.code(card))
        jwks.write_text("{}")
        unreadable = await party.exchange("code")

        assert refusal(old)[0] == 401
        assert new.status_code == 200
        assert "cannot be read" in refusal(unreadable)[2]
