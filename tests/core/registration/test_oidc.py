"""What is believed of a provider's answers: each single fault is refused, and by its name."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from core.registration.identity.asking import IdentityProviderAway, IdentityProviderRefused
from core.registration.identity.auth_app import AppSettings, AuthApp, Flow
from core.registration.identity.oidc import Client, Secrets
from core.registration.identity.proof import Proof
from core.residents.rules import Assurance
from tests.core.registration.a_provider import (
    CALLBACK,
    CLIENT,
    CLIENT_KEY,
    HANAKO,
    Fake,
    Wire,
    asked_for,
)
from tests.examples import examples
from tests.town import Clock

ISSUER = "https://app.example/realms/main"
GENDERS = {"1": "1", "2": "2", "female": "2"}
RSA = RSAKey.generate_key(2048, {"kid": "app-1"})


def an_app(fake: Fake, **changes: Any) -> AuthApp:
    agreed = AppSettings(
        issuer=ISSUER, client_id=CLIENT, key=Path("unused"), redirect_uris=(CALLBACK,),
        scope="openid name", acr_values="aal3 crl", acr_needed="aal3", acr_checked="crl",
        genders=GENDERS, timeout=5, authority=None,
    )  # fmt: skip
    client = Client(ISSUER, CLIENT, CLIENT_KEY, agreed.scope, agreed.acr_values, Wire(fake))  # type: ignore[arg-type]
    return AuthApp(replace(agreed, **changes), client)


def a_fake() -> Fake:
    return Fake(ISSUER, Clock())


async def prove(fake: Fake, app: AuthApp | None = None, **person: Any) -> Proof:
    """Go all the way through the provider as a person."""
    app, hidden, now = app or an_app(fake), Secrets(), fake.clock()
    uri = await app.way_in(hidden, CALLBACK, now)
    code = fake.agree(uri, **person)
    return await app.prove(code, Flow(CALLBACK, hidden.nonce, hidden.code_verifier), now)


async def refusal(fake: Fake, app: AuthApp | None = None, **person: Any) -> str:
    with pytest.raises(IdentityProviderRefused) as refused:
        await prove(fake, app, **person)
    return refused.value.metadata["error"]


async def test_a_right_answer_is_a_proof_of_the_apps_own_level() -> None:
    proof = await prove(a_fake())

    assert proof.assurance is Assurance.DIGITAL_AUTH_APP
    assert proof.subject == "sub-1"
    four = proof.basic_four
    assert (four.name, four.sex, four.birth_date_text) == ("総社　花子", "2", "319500412")
    assert four.address == "岡山県総社市中央１丁目１番地"


async def test_the_browser_is_sent_with_all_that_the_provider_must_check() -> None:
    fake = a_fake()
    hidden = Secrets()

    uri = await an_app(fake).way_in(hidden, CALLBACK, fake.clock())

    assert uri.startswith(f"{ISSUER}/authorization?")
    asked = asked_for(uri)
    assert asked.pop("code_challenge") not in {hidden.code_verifier, ""}
    assert asked == {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": CALLBACK,
        "scope": "openid name", "state": hidden.state, "nonce": hidden.nonce,
        "code_challenge_method": "S256", "acr_values": "aal3 crl",
    }  # fmt: skip
    assert hidden.code_verifier not in uri


async def test_the_client_proves_itself_anew_at_each_code() -> None:
    fake = a_fake()
    await prove(fake)
    await prove(fake)

    forms = [form for name, form in fake.asked if name == "token"]
    tokens = [jwt.decode(form["client_assertion"], CLIENT_KEY) for form in forms]
    now = int(fake.clock().timestamp())
    for token in tokens:
        assert token.header["kid"] == "city-1"
        claims = dict(token.claims)
        assert len(claims.pop("jti")) >= 20
        assert claims == {
            "iss": CLIENT, "sub": CLIENT, "aud": f"{ISSUER}/token", "iat": now, "exp": now + 60,
        }  # fmt: skip
    assert tokens[0].claims["jti"] != tokens[1].claims["jti"]


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"iss": "https://other.example"}, "id_token_iss"),
        ({"iss": None}, "id_token_iss"),
        ({"aud": "RP99999999"}, "id_token_aud"),
        ({"aud": [CLIENT, "RP99999999"], "azp": CLIENT}, "id_token_aud"),
        ({"aud": None}, "id_token_aud"),
        ({"azp": "RP99999999"}, "id_token_azp"),
        ({"nonce": "another"}, "id_token_nonce"),
        ({"nonce": None}, "id_token_nonce"),
        ({"exp": 1_700_000_000}, "id_token_exp"),
        ({"exp": None}, "id_token_exp"),
        ({"iat": 1_900_000_000}, "id_token_iat"),
        ({"iat": None}, "id_token_iat"),
        ({"nbf": 1_900_000_000}, "id_token_nbf"),
        ({"sub": None}, "id_token_sub"),
        ({"sub": 5}, "id_token_sub"),
        ({"at_hash": "another"}, "id_token_at_hash"),
        ({"acr": None}, "id_token_acr"),
        ({"acr": "aal1 crl"}, "id_token_acr"),
        ({"acr": "aal30"}, "id_token_acr"),
        ({"acr": ["aal3"]}, "id_token_acr"),
    ],
)
async def test_an_id_token_with_a_wrong_claim_is_refused_by_the_claim(claims, error) -> None:
    fake = a_fake()
    fake.claims = claims

    assert await refusal(fake) == error


@pytest.mark.parametrize("seconds", [-10, 10])
async def test_a_clock_that_is_a_little_off_is_forgiven(seconds: int) -> None:
    fake = a_fake()
    app = an_app(fake)
    now = int(fake.clock().timestamp())
    fake.claims = {"iat": now + seconds, "exp": now + max(seconds, 0)}

    assert (await prove(fake, app)).subject == "sub-1"


async def test_a_token_may_come_without_the_hash_of_the_access_token() -> None:
    fake = a_fake()
    fake.claims = {"at_hash": None, "azp": CLIENT, "aud": [CLIENT]}

    assert (await prove(fake)).subject == "sub-1"


@pytest.mark.parametrize(
    ("signer", "header"),
    [
        (ECKey.generate_key("P-256"), {}),
        (RSA, {"alg": "RS256"}),
        (OctKey.import_key(b"city-secret-of-32-characters-and"), {"alg": "HS256"}),
        (None, {"kid": "unknown"}),
    ],
    ids=["another key", "RS256", "HS256", "a key id that nobody knows"],
)
async def test_only_a_signature_by_a_key_of_the_provider_counts(signer, header) -> None:
    fake = a_fake()
    fake.signer, fake.header = signer, header
    fake.published = [fake.key.as_dict(private=False), RSA.as_dict(private=False)]

    assert await refusal(fake) == "id_token"


async def test_a_token_without_signature_is_refused() -> None:
    fake = a_fake()
    app, hidden = an_app(fake), Secrets()
    code = fake.agree(await app.way_in(hidden, CALLBACK, fake.clock()))
    signed = fake._token({"code": code})["id_token"]
    unsigned = ".".join(["eyJhbGciOiJub25lIn0", signed.split(".")[1], ""])
    body = f'{{"access_token": "access", "token_type": "Bearer", "id_token": "{unsigned}"}}'
    fake.answers["token"] = 200, body

    with pytest.raises(IdentityProviderRefused) as refused:
        await app.prove(code, Flow(CALLBACK, hidden.nonce, hidden.code_verifier), fake.clock())

    assert refused.value.metadata == {"error": "id_token"}


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://app.example/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": 5},
    ],
)
async def test_a_provider_that_describes_itself_otherwise_is_not_asked(described) -> None:
    fake = a_fake()
    fake.endpoints = described

    with pytest.raises(IdentityProviderAway):
        await prove(fake)


@pytest.mark.parametrize(
    "answer",
    ['{"access_token": "a", "token_type": "Bearer"}', '{"id_token": 5}', "{}",
     '{"access_token": "a", "token_type": "mac", "id_token": "x"}'],
)  # fmt: skip
async def test_an_answer_without_tokens_is_refused(answer: str) -> None:
    fake = a_fake()
    fake.answers["token"] = 200, answer

    assert await refusal(fake) == "tokens_missing"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
SAME = ("iss", "sub", "aud", "exp", "iat", "nonce", "azp", "at_hash", "acr", "nbf", "auth_time")


@given(claim=st.sampled_from([*SAME, *HANAKO]), value=values)
@examples(30)
def test_whatever_one_claim_says_it_is_believed_or_refused_and_nothing_else(claim, value) -> None:
    fake = a_fake()
    fake.claims = {claim: value}

    try:
        proof = asyncio.run(prove(fake))
    except IdentityProviderRefused:
        return

    assert proof.assurance is Assurance.DIGITAL_AUTH_APP
    assert proof.basic_four.name.strip()


@given(body=st.text(alphabet="abc.eyJ-_=0", max_size=60))
@examples(30)
def test_no_text_passes_for_an_id_token(body: str) -> None:
    fake = a_fake()
    fake.answers["token"] = (
        200,
        f'{{"access_token": "access", "token_type": "Bearer", "id_token": "{body}"}}',
    )

    assert asyncio.run(refusal(fake)) == "id_token"
