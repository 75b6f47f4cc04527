"""How tests make and present codes."""

import pytest

from tests.makers import a_contact, a_request_id
from tests.town import Town
from todoke.client import Core, CoreError
from todoke.v1 import access_pb2 as pb
from todoke.v1 import residents_pb2


def speaking(external_id: str, for_resident_id: str = "") -> residents_pb2.NamedResident:
    return residents_pb2.NamedResident(
        speaker=residents_pb2.Speaker(external_id=external_id, for_resident_id=for_resident_id)
    )


def by_id(resident_id: str) -> residents_pb2.NamedResident:
    return residents_pb2.NamedResident(resident_id=resident_id)


async def a_code(
    core: Core, who: residents_pb2.NamedResident, request_id: str = ""
) -> pb.BeginContactLinkResponse:
    request = pb.BeginContactLinkRequest(resident=who, request_id=request_id or a_request_id())
    return await core.ask(core.access.BeginContactLink, request)


async def present(core: Core, external_id: str, code: str, request_id: str = "") -> None:
    request = pb.CompleteContactLinkRequest(
        external_id=external_id, code=code, request_id=request_id or a_request_id()
    )
    answer = await core.ask(core.access.CompleteContactLink, request)
    assert answer.contact.external_id == external_id
    assert answer.contact.registered


async def refused(call) -> CoreError:
    with pytest.raises(CoreError) as error:
        await call
    return error.value


async def joined(town: Town, core: Core, who: residents_pb2.NamedResident, channel: Core) -> str:
    """Let a new contact of the channel join the resident, and return its external id."""
    contact = await a_contact(town, channel)
    await present(channel, contact.external_id, (await a_code(core, who)).code)
    return contact.external_id
