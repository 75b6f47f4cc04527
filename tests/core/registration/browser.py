"""A resident's browser on the way through the app, and what the core kept of it."""

from dataclasses import dataclass
from typing import Any

import pytest

from core import events
from core.residents import consent, fact_rows, rows
from tests.core.registration.a_provider import CALLBACK, Fake
from tests.makers import a_contact, a_request_id
from tests.town import MUNICIPALITY, Town
from todoke.client import Core, CoreError
from todoke.v1 import registration_pb2 as pb


@dataclass
class Browser:
    """A resident on a channel, on the way through the app."""

    town: Town
    fake: Fake
    channel: Core

    async def begin(self, external_id: str = "", **changes: Any) -> pb.BeginAuthenticationResponse:
        contact = await a_contact(self.town, self.channel, external_id)
        request = pb.BeginAuthenticationRequest(
            external_id=contact.external_id, redirect_uri=CALLBACK,
            consent_version=consent.VERSION, request_id=a_request_id(),
        )  # fmt: skip
        for name, value in changes.items():
            setattr(request, name, value)
        return await self.channel.ask(self.channel.registration.BeginAuthentication, request)

    async def end(self, state: str, **outcome: str) -> pb.CompleteAuthenticationResponse:
        request = pb.CompleteAuthenticationRequest(
            state=state, **{"request_id": a_request_id(), **outcome}
        )
        return await self.channel.ask(self.channel.registration.CompleteAuthentication, request)

    async def go(self, external_id: str = "", **person: Any) -> pb.CompleteAuthenticationResponse:
        begun = await self.begin(external_id)
        code = self.fake.agree(begun.authorization_uri, **person)
        return await self.end(begun.state, code=code)

    async def refusal(self, state: str, **outcome: str) -> CoreError:
        with pytest.raises(CoreError) as refused:
            await self.end(state, **outcome)
        return refused.value

    async def contact(self) -> str:
        return (await a_contact(self.town, self.channel)).external_id


async def facts_in(a_town: Town) -> list[rows.Facts]:
    return await a_town.read(
        lambda s: [facts for _, facts in fact_rows.current_facts(s, MUNICIPALITY)]
    )


async def logged(a_town: Town, prefix: str) -> list[tuple[str, dict[str, str]]]:
    found = await a_town.read(lambda s: events.after(s, MUNICIPALITY, 0, 1000))
    return [(one.kind, one.details) for one in found if one.kind.startswith(prefix)]
