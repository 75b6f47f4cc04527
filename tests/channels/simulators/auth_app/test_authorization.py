"""What an authorization request must bring, and where the browser goes if it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.simulators.auth_app.authorization import PRINTABLE, addressee, read
from channels.simulators.auth_app.refusals import Refused
from channels.simulators.auth_app.settings import Client
from tests.channels.simulators.auth_app.party import CALLBACK, CLIENT, a_provider, answer_of


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "RP00000003"},
        {"client_id": "RP-1"},
        {"client_id": "x" * 256},
        {"redirect_uri": None},
        {"redirect_uri": "https://city.example/oidc/callback"},
        {"redirect_uri": f"{CALLBACK}&next=https://thief.example"},
        {"redirect_uri": "https://thief.example/"},
        {"redirect_uri": CALLBACK.replace("city", "CITY")},
    ],
)
async def test_a_browser_is_never_sent_to_an_address_that_is_not_registered(
    tmp_path, authority, changes
) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.ask(**changes)

        assert page.status_code == 400
        assert "location" not in page.headers
        assert "依頼元を確認できません" in page.text


async def test_a_repeated_client_or_redirect_uri_is_answered_by_a_page_too(
    tmp_path, authority
) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        for name in ("client_id", "redirect_uri"):
            twice = [*party.query().items(), (name, party.query()[name])]
            page = await party.http.get(party.endpoint("auth"), params=twice)

            assert page.status_code == 400
            assert "location" not in page.headers


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"response_type": None}, "invalid_request", "response_type is missing"),
        ({"response_type": "token"}, "unsupported_response_type", "must be code"),
        ({"response_type": "code id_token"}, "unsupported_response_type", "must be code"),
        ({"response_mode": "form_post"}, "invalid_request", "must be query"),
        ({"scope": None}, "invalid_request", "scope is missing"),
        ({"scope": "name address"}, "invalid_scope", "openid is missing"),
        ({"scope": "openid sign"}, "invalid_scope", "not simulated"),
        ({"scope": "openid email"}, "invalid_scope", "scopes are openid"),
        ({"scope": "OpenID"}, "invalid_scope", "openid is missing"),
        ({"nonce": None}, "invalid_request", "nonce is missing"),
        ({"nonce": ""}, "invalid_request", "nonce is missing"),
        ({"nonce": "n" * 256}, "invalid_request", "nonce must be"),
        ({"nonce": "ナンス"}, "invalid_request", "nonce must be"),
        ({"nonce": "a\nb"}, "invalid_request", "nonce must be"),
        ({"code_challenge": None}, "invalid_request", "code_challenge is missing"),
        ({"code_challenge": "a" * 129}, "invalid_request", "code_challenge must be"),
        ({"code_challenge": "a+b/c="}, "invalid_request", "code_challenge must be"),
        ({"code_challenge_method": None}, "invalid_request", "code_challenge_method is missing"),
        ({"code_challenge_method": "plain"}, "invalid_request", "must be S256"),
        ({"prompt": "none"}, "login_required", "with the card"),
        ({"request": "eyJ"}, "request_not_supported", "request is not"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported", "request_uri is not"),
        ({"sign_transaction_id": "65a04b4e"}, "invalid_request", "needs the scope sign"),
    ],
)
async def test_what_is_wrong_in_a_request_is_told_to_the_client(
    tmp_path, authority, changes, error, words
) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        answer = answer_of(await party.ask(**changes))

        assert answer["error"] == error
        assert words in answer["error_description"]
        assert answer["state"] == "the state ~"
        assert "code" not in answer


@pytest.mark.parametrize("state", [None, "", "s" * 256, "状態", "a\tb"])
async def test_a_state_that_breaks_the_rules_is_not_repeated(tmp_path, authority, state) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        answer = answer_of(await party.ask(state=state))

        assert answer["error"] == "invalid_request"
        assert "state" not in answer


async def test_a_parameter_given_twice_is_refused(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        twice = [*party.query().items(), ("nonce", "another")]
        answer = answer_of(await party.http.get(party.endpoint("auth"), params=twice))

        assert answer["error"] == "invalid_request"
        assert "more than once" in answer["error_description"]


async def test_a_request_may_come_as_a_form(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        page = await party.http.post(party.endpoint("auth"), data=party.query())

        assert page.status_code == 200
        assert "「とどけ市」に渡す情報" in page.text


async def test_discovery_says_what_there_is(tmp_path, authority) -> None:
    async with a_provider(tmp_path, authority.cards) as party:
        realm = f"{party.url}/api/realms/main"
        found = (await party.http.get(f"{realm}/.well-known/openid-configuration")).json()

        assert found["issuer"] == realm
        assert found["authorization_endpoint"] == party.endpoint("auth")
        assert found["token_endpoint"] == party.endpoint("token")
        assert found["userinfo_endpoint"] == party.endpoint("userinfo")
        assert found["jwks_uri"] == party.endpoint("certs")
        assert found["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
        assert found["id_token_signing_alg_values_supported"] == ["ES256"]
        assert found["code_challenge_methods_supported"] == ["S256"]
        assert found["subject_types_supported"] == ["pairwise"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "RP-1"}, "letters and digits"),
        ({"redirect_uris": ()}, "has no redirect URI"),
        ({"redirect_uris": ("/callback",)}, "not an absolute URI"),
        ({"redirect_uris": (f"https://city.example/{'x' * 240}",)}, "at most 255"),
        ({"redirect_uris": ("https://city.example/#there",)}, "no fragment"),
    ],
)
def test_a_client_that_cannot_be_registered_is_refused(tmp_path, changes, words) -> None:
    usual = {"id": CLIENT, "name": "市", "jwks": tmp_path, "redirect_uris": (CALLBACK,)}

    with pytest.raises(ValueError, match=words):
        Client(**(usual | changes))


@given(state=st.text(max_size=260), nonce=st.text(max_size=260))
def test_exactly_printable_ascii_passes(tmp_path_factory, state: str, nonce: str) -> None:
    client = Client(
        id=CLIENT, name="市", jwks=tmp_path_factory.getbasetemp(), redirect_uris=("a://b",)
    )
    values = {
        "client_id": CLIENT,
        "redirect_uri": "a://b",
        "response_type": "code",
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": "x",
        "code_challenge_method": "S256",
    }
    to = addressee(values.items(), {CLIENT: client})
    try:
        asked = read(values.items(), to)
    except Refused:
        passed = False
    else:
        passed = (asked.nonce, asked.addressee.state) == (nonce, state)

    assert passed == bool(PRINTABLE.fullmatch(state) and PRINTABLE.fullmatch(nonce))
