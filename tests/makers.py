"""Makers of what tests need, through the real RPCs."""

from dataclasses import dataclass
from itertools import count

from core.residents.rows import Contact
from tests.cards import Card
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import residents_pb2 as pb

NUMBERS = count(1)


def a_request_id() -> str:
    return f"request-{next(NUMBERS)}"


@dataclass(frozen=True)
class Registered:
    """A resident, and the contact on which they registered."""

    resident_id: str
    contact_id: str
    external_id: str
    renewed: bool


async def a_contact(
    town: Town, channel: Core, external_id: str = "", *, language: str = "ja"
) -> pb.Contact:
    """Let the channel meet a contact; a new one if none is named."""
    request = pb.SeeContactRequest(
        external_id=external_id or f"U{next(NUMBERS):032x}",
        state=pb.CONTACT_STATE_REACHABLE,
        language=language,
        request_id=a_request_id(),
    )
    request.seen_time.FromDatetime(town.clock())
    return (await channel.ask(channel.residents.SeeContact, request)).contact


async def a_challenge(channel: Core, external_id: str) -> pb.Verification:
    request = pb.BeginVerificationRequest(external_id=external_id, request_id=a_request_id())
    return (await channel.ask(channel.residents.BeginVerification, request)).verification


def an_answer(
    challenge: pb.Verification, card: Card, request_id: str = ""
) -> pb.CompleteVerificationRequest:
    """Return the challenge signed with a card."""
    signed = card.sign(challenge.consent_text)
    return pb.CompleteVerificationRequest(
        challenge_id=challenge.challenge_id,
        jpki=pb.JpkiProof(certificate=signed.certificate, signature=signed.signature),
        request_id=request_id or a_request_id(),
    )


async def a_resident(
    town: Town, channel: Core, card: Card, *, external_id: str = "", language: str = "ja"
) -> Registered:
    """Register a card's holder on a contact, a new one if none is named, and return the ids."""
    contact = await a_contact(town, channel, external_id, language=language)
    challenge = await a_challenge(channel, contact.external_id)
    answer = await channel.ask(channel.residents.CompleteVerification, an_answer(challenge, card))
    resident_id = await resident_of(town, contact.contact_id)
    return Registered(resident_id, contact.contact_id, contact.external_id, answer.renewed)


async def resident_of(town: Town, contact_id: str) -> str:
    """Return whose a contact is, which the contract tells no channel."""
    contact = await town.read(lambda s: s.get_one(Contact, (MUNICIPALITY, contact_id)))
    assert contact.resident_id is not None
    return contact.resident_id
