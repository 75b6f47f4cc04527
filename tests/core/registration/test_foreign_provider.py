"""The whole way through a provider that others wrote, which checks what it should."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey

from core.registration.identity.asking import IdentityProviderRefused
from core.registration.identity.auth_app import AuthApp, Flow
from core.registration.identity.oidc import Secrets
from core.residents import consent, fact_rows
from core.server import app_settings
from core.settings import Settings
from tests import town
from tests.channels.serving import serving_there
from tests.core.registration import foreign
from tests.core.registration.a_provider import (
    CALLBACK,
    HANAKO,
    asked_for,
    settings_for,
)
from tests.makers import a_contact, a_request_id
from tests.town import MUNICIPALITY
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[str]:
    def make(url: str):
        return foreign.app_of(foreign.provider(url, tmp_path), url)

    async with serving_there(make) as url:
        yield url


async def back_from(uri: str, **instead: str) -> dict[str, str]:
    """Send a browser there, and return what it comes back with."""
    address = urlsplit(uri)
    asked = {**asked_for(uri), **instead}
    async with httpx.AsyncClient() as browser:
        there = f"{address.scheme}://{address.netloc}{address.path}"
        sent = await browser.get(there, params=asked)
    assert sent.status_code == 303, sent.text
    assert sent.headers["location"].startswith(f"{CALLBACK}?")
    return asked_for(sent.headers["location"])


@dataclass
class Way:
    """One way through the provider, without a core around it."""

    app: AuthApp
    hidden: Secrets

    async def uri(self) -> str:
        return await self.app.way_in(self.hidden, CALLBACK, datetime.now(UTC))

    async def prove(self, code: str, **changes: str):
        flow = Flow(CALLBACK, self.hidden.nonce, self.hidden.code_verifier)
        return await self.app.prove(code, replace(flow, **changes), datetime.now(UTC))

    async def error(self, code: str, **changes: str) -> str:
        with pytest.raises(IdentityProviderRefused) as refused:
            await self.prove(code, **changes)
        return refused.value.metadata["error"]


@pytest.fixture
def way(issuer: str, tmp_path: Path) -> Way:
    settings = app_settings(Settings(**settings_for(issuer, tmp_path)))
    assert settings is not None
    return Way(AuthApp.load(settings), Secrets())


@pytest.fixture
async def a_town_of_today(database: str, tmp_path: Path, issuer: str) -> AsyncIterator[town.Town]:
    """A town that goes by the provider, and by its clock, which is the machine's."""
    built = await town.build(database, tmp_path, **settings_for(issuer, tmp_path))
    built.clock.now = datetime.now(UTC)
    yield built
    await built.close()


async def test_the_whole_way_through_a_foreign_provider_registers(
    a_town_of_today: town.Town,
) -> None:
    line = await a_town_of_today.channel()
    contact = await a_contact(a_town_of_today, line)
    begun = await line.ask(
        line.registration.BeginAuthentication,
        pb.BeginAuthenticationRequest(
            external_id=contact.external_id, redirect_uri=CALLBACK,
            consent_version=consent.VERSION, request_id=a_request_id(),
        ),
    )  # fmt: skip

    brought = await back_from(begun.authorization_uri)
    answer = await line.ask(
        line.registration.CompleteAuthentication,
        pb.CompleteAuthenticationRequest(
            state=brought["state"], code=brought["code"], request_id=a_request_id()
        ),
    )

    assert brought["state"] == begun.state
    assert answer.assurance == residents_pb2.ASSURANCE_DIGITAL_AUTH_APP
    # This provider's acr says how the person was authenticated, and nothing of revocation.
    assert answer.revocation == residents_pb2.REVOCATION_NOT_CHECKED
    facts = await a_town_of_today.read(
        lambda s: [one for _, one in fact_rows.current_facts(s, MUNICIPALITY)]
    )
    assert [(one.name, one.address) for one in facts] == [
        (HANAKO["name"], HANAKO["address"]["formatted"])
    ]


async def test_it_takes_a_code_once(way: Way) -> None:
    code = (await back_from(await way.uri()))["code"]

    proof = await way.prove(code)
    again = await way.error(code)

    assert proof.subject
    assert again == "invalid_grant"


async def test_it_checks_the_verifier(way: Way) -> None:
    code = (await back_from(await way.uri()))["code"]

    assert await way.error(code, code_verifier=Secrets().code_verifier) == "invalid_grant"


async def test_it_checks_the_page(way: Way) -> None:
    code = (await back_from(await way.uri()))["code"]

    assert await way.error(code, redirect_uri=f"{CALLBACK}/other") in {
        "invalid_request",
        "invalid_grant",
    }


async def test_it_checks_who_the_client_is(way: Way) -> None:
    code = (await back_from(await way.uri()))["code"]
    way.app.client.key = ECKey.generate_key("P-256", {"kid": "city-1"})

    assert await way.error(code) in {"invalid_client", "unauthorized_client"}


async def test_we_check_its_nonce(way: Way) -> None:
    code = (await back_from(await way.uri(), nonce="another"))["code"]

    assert await way.error(code) == "id_token_nonce"
