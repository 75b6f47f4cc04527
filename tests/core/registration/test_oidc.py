"""What is believed of a provider's answers: each single fault is refused, and by its name."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from core.crypto import KeysUnusable
from core.registration.identity import client_key
from core.registration.identity.asking import IdentityProviderAway, IdentityProviderRefused
from core.registration.identity.auth_app import AppSettings, AuthApp, Flow
from core.registration.identity.oidc import KEPT, Client, Secrets
from core.registration.identity.proof import Proof
from core.residents.rules import Assurance, Revocation
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


async def test_a_new_key_of_the_provider_is_asked_for_when_it_is_used() -> None:
    fake = a_fake()
    app = an_app(fake)
    await prove(fake, app)
    fake.key = ECKey.generate_key("P-256", {"kid": "app-2"})

    await prove(fake, app)

    names = [name for name, _ in fake.asked]
    assert names == ["discovery", "certs", "token", "token", "discovery", "certs"]


async def test_the_provider_is_asked_anew_what_it_is_after_an_hour() -> None:
    fake = a_fake()
    app = an_app(fake)
    await prove(fake, app)
    fake.clock.now += KEPT - timedelta(seconds=1)
    await prove(fake, app)
    fake.clock.pass_by(seconds=1)
    await prove(fake, app)

    assert [name for name, _ in fake.asked].count("discovery") == 2


async def test_keys_of_other_kinds_and_broken_ones_do_not_concern_us() -> None:
    fake = a_fake()
    fake.published = [
        RSA.as_dict(private=False),
        {"kty": "EC", "crv": "P-256", "kid": "broken", "x": "?", "y": "?"},
        {**fake.key.as_dict(private=False), "use": "enc", "kid": "enc"},
        fake.key.as_dict(private=False),
    ]
    fake.header = {"kid": "app-1"}

    assert (await prove(fake)).subject == "sub-1"


async def test_without_a_key_id_the_one_key_there_is_is_taken_and_of_two_neither() -> None:
    fake = a_fake()
    fake.header = {"kid": None}
    one = fake.key.as_dict(private=False)
    other = ECKey.generate_key("P-256", {"kid": "app-2"}).as_dict(private=False)

    fake.published = [one]
    assert (await prove(fake)).subject == "sub-1"
    fake.published = [one, other]
    assert await refusal(fake) == "id_token"


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


async def test_facts_are_asked_for_where_the_token_lacks_them() -> None:
    fake = a_fake()
    fake.claims = dict.fromkeys(HANAKO)
    fake.userinfo = HANAKO

    proof = await prove(fake)

    assert proof.basic_four.name == HANAKO["name"]
    assert [name for name, _ in fake.asked][-1] == "userinfo"


async def test_facts_of_another_person_are_refused() -> None:
    fake = a_fake()
    fake.claims = dict.fromkeys(HANAKO)
    fake.userinfo = HANAKO | {"sub": "sub-2"}

    assert await refusal(fake) == "userinfo_sub"


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("19500412", "319500412"),
        ("1950-04-12", "319500412"),
        ("20190501", "520190501"),
        ("19500400", "019500400"),
        ("1950-00-00", "019500000"),
    ],
)
async def test_a_birth_date_is_read_in_either_form(told: str, text: str) -> None:
    assert (await prove(a_fake(), birthdate=told)).basic_four.birth_date_text == text


async def test_an_address_may_be_plain_text() -> None:
    proof = await prove(a_fake(), address="岡山県総社市総社９番地", gender="female")

    assert (proof.basic_four.address, proof.basic_four.sex) == ("岡山県総社市総社９番地", "2")


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ({"name": None}, "claim_name"),
        ({"name": ["総社"]}, "claim_name"),
        ({"name": "あ" * 1001}, "claim_name"),
        ({"birthdate": "1950-0412"}, "claim_birthdate"),
        ({"birthdate": "昭和25年"}, "claim_birthdate"),
        ({"gender": "x"}, "claim_gender"),
        ({"address": {"region": "岡山県"}}, "claim_address"),
        ({"address": {"formatted": " "}}, "claim_address"),
    ],
)
async def test_facts_that_cannot_be_read_are_refused_by_name(person, error) -> None:
    fake = a_fake()
    fake.claims = person

    assert await refusal(fake) == error


@pytest.mark.parametrize(
    ("acr", "checked", "known"),
    [
        ("aal3 crl", "crl", Revocation.NOT_REVOKED),
        ("aal3", "crl", Revocation.NOT_CHECKED),
        ("aal3 crl", "", Revocation.NOT_CHECKED),
        ("aal3 ocsp", "ocsp", Revocation.NOT_REVOKED),
    ],
)
async def test_whether_revocation_was_checked_is_what_the_provider_says(
    acr: str, checked: str, known: Revocation
) -> None:
    fake = a_fake()
    fake.claims = {"acr": acr}

    assert (await prove(fake, an_app(fake, acr_checked=checked))).revocation is known


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


def test_a_clients_key_is_read_as_jwk_or_pem(tmp_path: Path) -> None:
    for key, alg in ((ECKey.generate_key("P-256"), "ES256"), (RSA, "RS256")):
        for name, content in (
            ("key.pem", key.as_pem(private=True).decode()),
            ("key.jwk", json.dumps(key.as_dict(private=True))),
        ):
            file = tmp_path / name
            file.write_text(content)
            file.chmod(0o600)

            read = client_key.load(file)

            assert read.thumbprint() == key.thumbprint()
            assert read.kid
            assert client_key.algorithm(read) == alg


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "is missing"),
        (CLIENT_KEY.as_pem(private=True).decode(), 0o644, "chmod 600"),
        (CLIENT_KEY.as_pem(private=False).decode(), 0o600, "no private key"),
        ("nonsense", 0o600, "no private key"),
        ('{"kty": "oct", "k": "c2VjcmV0"}', 0o600, "no private key"),
        (ECKey.generate_key("P-384").as_pem(private=True).decode(), 0o600, "P-256"),
        ("鍵", 0o600, "cannot be read"),
    ],
)
def test_a_key_that_cannot_be_used_is_named_with_its_remedy(
    tmp_path: Path, content: str | None, mode: int, said: str
) -> None:
    file = tmp_path / "client.pem"
    if content is not None:
        file.write_text(content)
        file.chmod(mode)

    with pytest.raises(KeysUnusable, match=said):
        client_key.load(file)
