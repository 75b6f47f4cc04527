"""Makers of what tests need, through the real RPCs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from channels.simulators.card import Holder
from core.residents.contact_rows import Contact
from tests.cards import Card
from tests.town import MUNICIPALITY, Town
from todoke.client import Core
from todoke.v1 import applications_pb2, eligibility_pb2, matching_pb2, registration_pb2, rosters_pb2
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
    town: Town,
    channel: Core,
    external_id: str = "",
    *,
    language: str = "ja",
    state: pb.ContactState.ValueType = pb.CONTACT_STATE_REACHABLE,
) -> pb.Contact:
    """Let the channel meet a contact; a new one if none is named."""
    request = pb.SeeContactRequest(
        external_id=external_id or f"U{next(NUMBERS):032x}",
        state=state,
        language=language,
        request_id=a_request_id(),
    )
    request.seen_time.FromDatetime(town.clock())
    return (await channel.ask(channel.residents.SeeContact, request)).contact


async def a_challenge(channel: Core, external_id: str) -> registration_pb2.Verification:
    request = registration_pb2.BeginVerificationRequest(
        external_id=external_id, request_id=a_request_id()
    )
    return (await channel.ask(channel.registration.BeginVerification, request)).verification


def an_answer(
    challenge: registration_pb2.Verification, card: Card, request_id: str = ""
) -> registration_pb2.CompleteVerificationRequest:
    """Return the challenge signed with a card."""
    signed = card.sign(challenge.consent_text)
    return registration_pb2.CompleteVerificationRequest(
        challenge_id=challenge.challenge_id,
        jpki=registration_pb2.JpkiProof(certificate=signed.certificate, signature=signed.signature),
        request_id=request_id or a_request_id(),
    )


async def a_resident(
    town: Town, channel: Core, card: Card, *, external_id: str = "", language: str = "ja"
) -> Registered:
    """Register a card's holder on a contact, a new one if none is named, and return the ids."""
    contact = await a_contact(town, channel, external_id, language=language)
    challenge = await a_challenge(channel, contact.external_id)
    answer = await channel.ask(
        channel.registration.CompleteVerification, an_answer(challenge, card)
    )
    resident_id = await resident_of(town, contact.contact_id)
    return Registered(resident_id, contact.contact_id, contact.external_id, answer.renewed)


async def resident_of(town: Town, contact_id: str) -> str:
    """Return whose a contact is, which the contract tells no channel."""
    contact = await town.read(lambda s: s.get_one(Contact, (MUNICIPALITY, contact_id)))
    assert contact.resident_id is not None
    return contact.resident_id


HEADER = (
    "宛名番号,世帯番号,氏名,氏名カナ,生年月日,性別,郵便番号,住所,支給額,"
    "金融機関コード,支店コード,預金種目,口座番号,口座名義カナ,抑止区分"
)


def a_roster_row(holder: Holder, number: int, **changes: str) -> str:
    """Return the row of a holder as a municipal system writes it."""
    cells = {
        "reference": f"{number:010d}",
        "household": f"{number:08d}",
        "name": holder.name,
        "kana": "ﾌﾘｶﾞﾅ",
        "birth_date": holder.birth_date.isoformat(),
        "sex": {1: "男", 2: "女"}[int(holder.sex)],
        "postal_code": "7191131",
        "address": holder.address,
        "amount": "70000",
        "bank": "0168",
        "branch": "191",
        "account_type": "普通",
        "account_number": f"{1000000 + number}",
        "account_name": "ｿｳｼﾞﾔ ﾀﾛｳ",
        "suppressed": "",
    }
    return ",".join((cells | changes).values())


def a_roster(*rows: str) -> bytes:
    """Return the file: CP932 with CR and LF, as municipal systems write it."""
    return "\r\n".join([HEADER, *rows, ""]).encode("cp932")


async def a_program(core: Core, *, code: str = "relief-2026", **changes) -> eligibility_pb2.Program:
    request = eligibility_pb2.CreateProgramRequest(
        code=code, title="物価高騰対応給付金", unit=eligibility_pb2.ENTITLED_UNIT_HOUSEHOLD,
        amount=70_000, budget=70_000_000, procedure="confirm_account", request_id=a_request_id(),
    )  # fmt: skip
    for name, value in changes.items():
        setattr(request, name, value)
    return (await core.ask(core.eligibility.CreateProgram, request)).program


async def import_roster(
    core: Core, program_id: str, file: bytes, *, preview: bool = False, request_id: str = ""
) -> rosters_pb2.ImportedRoster:
    header = rosters_pb2.RosterHeader(
        program_id=program_id, file_name="roster.csv", preview=preview,
        request_id=request_id or a_request_id(),
    )  # fmt: skip

    async def parts():
        yield rosters_pb2.ImportRosterRequest(header=header)
        for start in range(0, len(file), 65536):
            yield rosters_pb2.ImportRosterRequest(chunk=file[start : start + 65536])

    return (await told_of(core.converse(core.rosters.ImportRoster, parts()))).result


@dataclass(frozen=True)
class Told:
    """What was told of an import or a replacement: how far it came, what is wrong, the result."""

    progress: list[rosters_pb2.RosterProgress]
    problems: list[rosters_pb2.RosterProblem]
    result: Any

    @property
    def roster(self) -> eligibility_pb2.Roster:
        return self.result.roster

    @property
    def problem_count(self) -> int:
        return self.result.problem_count


async def told_of(responses: AsyncIterator[Any]) -> Told:
    """Follow the answers of an upload to their end, which is the result."""
    progress, problems = [], []
    async for response in responses:
        match response.WhichOneof("part"):
            case "progress":
                progress.append(response.progress)
            case "problems":
                problems += response.problems.problems
            case part:
                assert part == "result"
                result = response.result
    return Told(progress, problems, result)


async def match_and_invite(
    core: Core, program_id: str
) -> tuple[matching_pb2.MatchRosterResponse, applications_pb2.InviteResidentsResponse]:
    matched = await core.ask(
        core.matching.MatchRoster,
        matching_pb2.MatchRosterRequest(program_id=program_id, request_id=a_request_id()),
    )
    invited = await core.ask(
        core.applications.InviteResidents,
        applications_pb2.InviteResidentsRequest(program_id=program_id, request_id=a_request_id()),
    )
    return matched, invited
