"""The core and the simulated authentication app, with a person at the page between them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from channels.simulators.auth_app.settings import AddressAs, BirthdateAs, ClaimsIn, GenderAs
from channels.simulators.card import Authority
from core.residents import consent, fact_rows, rows
from tests import town
from tests.channels.serving import serving_there
from tests.channels.simulators.auth_app import party
from tests.makers import a_contact, a_request_id
from tests.town import MUNICIPALITY, Clock, Town
from todoke.client import Core, CoreError
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("app-cards"))


@dataclass
class Person:
    """Somebody with a card, a browser, and a contact on a channel."""

    town: Town
    line: Core
    browser: party.Party
    card: str

    async def begin(self, external_id: str) -> pb.BeginAuthenticationResponse:
        request = pb.BeginAuthenticationRequest(
            external_id=external_id, redirect_uri=party.CALLBACK,
            consent_version=consent.VERSION, request_id=a_request_id(),
        )  # fmt: skip
        return await self.line.ask(self.line.registration.BeginAuthentication, request)

    async def at_the_page(self, uri: str, **pressed: str) -> dict[str, str]:
        """Open the page, press a button, and return what the browser comes back with."""
        page = await self.browser.http.get(uri)
        return party.answer_of(await self.browser.press(page, card=self.card, **pressed))

    async def end(self, brought: dict[str, str]) -> pb.CompleteAuthenticationResponse:
        outcome = {name: brought[name] for name in ("code", "error") if name in brought}
        request = pb.CompleteAuthenticationRequest(
            state=brought["state"], request_id=a_request_id(), **outcome
        )
        return await self.line.ask(self.line.registration.CompleteAuthentication, request)

    async def go(self, **pressed: str) -> pb.CompleteAuthenticationResponse:
        contact = await a_contact(self.town, self.line)
        begun = await self.begin(contact.external_id)
        return await self.end(await self.at_the_page(begun.authorization_uri, **pressed))

    async def refusal(self, **pressed: str) -> CoreError:
        with pytest.raises(CoreError) as refused:
            await self.go(**pressed)
        return refused.value


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> dict:
    """How the simulator words its claims; a test may say it otherwise."""
    return getattr(request, "param", {})


@pytest.fixture
async def person(
    database: str, tmp_path: Path, authority: Authority, settings: dict
) -> AsyncIterator[Person]:
    clock = Clock()

    def hands() -> float:
        return clock.now.timestamp()

    def make(url: str):
        return party.make(tmp_path, authority.cards, url, hands, **settings)

    key = tmp_path / "client.jwk"
    key.write_text(json.dumps(party.KEY.as_dict(private=True)))
    key.chmod(0o600)
    card = party.a_card(authority)
    async with serving_there(make) as url, httpx.AsyncClient() as http:
        told = {
            "auth_app_issuer": f"{url}{party.REALM}",
            "auth_app_client_id": party.CLIENT,
            "auth_app_key": key,
            "auth_app_redirect_uris": (party.CALLBACK,),
        }
        built = await town.build(database, tmp_path, **told)
        built.clock.now = clock.now
        browser = party.Party(url, http, hands)
        yield Person(built, await built.channel(), browser, card)
        await built.close()


async def facts_in(a_town: Town) -> list[rows.Facts]:
    return await a_town.read(
        lambda s: [facts for _, facts in fact_rows.current_facts(s, MUNICIPALITY)]
    )


async def test_who_agrees_at_the_page_is_registered(person: Person) -> None:
    answer = await person.go()

    assert answer.assurance == residents_pb2.ASSURANCE_DIGITAL_AUTH_APP
    assert answer.revocation == residents_pb2.REVOCATION_NOT_REVOKED
    (facts,) = await facts_in(person.town)
    assert (facts.name, facts.birth_date, facts.sex, facts.address) == (
        "佐藤　花子", "319850315", "2", "岡山県総社市中央１丁目１番１号",
    )  # fmt: skip
    assert facts.subject


@pytest.mark.parametrize(
    "settings",
    [
        {"claims_in": ClaimsIn.ID_TOKEN, "birthdate_as": BirthdateAs.ISO},
        {
            "claims_in": ClaimsIn.USERINFO,
            "gender_as": GenderAs.WORD,
            "address_as": AddressAs.TEXT,
        },
    ],
    indirect=True,
    ids=["in the ID token, by ISO", "from userinfo, in words"],
)
async def test_however_the_claims_are_worded_they_are_the_same_person(person: Person) -> None:
    await person.go()

    (facts,) = await facts_in(person.town)
    assert (facts.birth_date, facts.sex) == ("319850315", "2")
    assert facts.address == "岡山県総社市中央１丁目１番１号"


async def test_who_does_not_agree_is_not_registered(person: Person) -> None:
    refused = await person.refusal(deed="cancel")

    assert refused.reason == "IDENTITY_PROVIDER_REFUSED"
    assert refused.metadata == {"error": "access_denied"}
    assert await facts_in(person.town) == []


FAULTS = {
    "wrong_state": ("CHALLENGE_UNKNOWN", ""),
    "token_error": ("IDENTITY_PROVIDER_AWAY", ""),
    "wrong_nonce": ("IDENTITY_PROVIDER_REFUSED", "id_token_nonce"),
    "wrong_audience": ("IDENTITY_PROVIDER_REFUSED", "id_token_aud"),
    "wrong_issuer": ("IDENTITY_PROVIDER_REFUSED", "id_token_iss"),
    "expired_token": ("IDENTITY_PROVIDER_REFUSED", "id_token_exp"),
    "unsigned_token": ("IDENTITY_PROVIDER_REFUSED", "id_token"),
    "foreign_signature": ("IDENTITY_PROVIDER_REFUSED", "id_token"),
    "wrong_at_hash": ("IDENTITY_PROVIDER_REFUSED", "id_token_at_hash"),
    "userinfo_error": ("IDENTITY_PROVIDER_AWAY", ""),
    "userinfo_of_another": ("IDENTITY_PROVIDER_REFUSED", "userinfo_sub"),
}


@pytest.mark.parametrize("settings", [{"claims_in": ClaimsIn.USERINFO}], indirect=True, ids=[""])
async def test_no_fault_of_the_provider_registers_anybody(person: Person) -> None:
    for fault, (reason, error) in FAULTS.items():
        await person.browser.fault(fault)
        refused = await person.refusal()
        assert (refused.reason, refused.metadata.get("error", "")) == (reason, error), fault
    assert await facts_in(person.town) == []


async def test_a_code_is_good_for_one_registration(person: Person) -> None:
    contact = await a_contact(person.town, person.line)
    begun = await person.begin(contact.external_id)
    brought = await person.at_the_page(begun.authorization_uri)
    await person.end(brought)

    other = await person.begin(contact.external_id)
    for state, reason in (
        (begun.state, "CHALLENGE_USED"),
        (other.state, "IDENTITY_PROVIDER_REFUSED"),
    ):
        with pytest.raises(CoreError) as refused:
            await person.end({"state": state, "code": brought["code"]})
        assert refused.value.reason == reason
    assert refused.value.metadata == {"error": "invalid_grant"}


async def test_a_new_key_of_the_provider_is_taken_up(person: Person) -> None:
    await person.go()
    await person.browser.http.post(f"{person.browser.url}/admin/keys")

    assert (await person.go()).renewed
