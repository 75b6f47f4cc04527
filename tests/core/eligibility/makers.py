"""Makers of programs, rosters and matches, through the real RPCs."""

from collections.abc import AsyncIterator, Iterable

from channels.simulators.card import Holder
from tests.makers import Told, a_request_id, told_of
from todoke.client import Core
from todoke.v1 import eligibility_pb2 as pb
from todoke.v1 import matching_pb2, rosters_pb2

HEADER = (
    "宛名番号,世帯番号,氏名,生年月日,性別,郵便番号,住所,支給額,"
    "金融機関コード,支店コード,預金種目,口座番号,口座名義カナ,抑止区分"
)
ACCOUNT = "0168,191,普通,1234567,ソウジヤ タロウ"
NO_ACCOUNT = ",,,,"


def a_row(
    holder: Holder,
    reference: str,
    *,
    name: str = "",
    address: str = "",
    amount: str = "",
    account: str = ACCOUNT,
    suppressed: str = "",
) -> str:
    """Return the row of a person as a municipal system writes it, without the prefecture."""
    return ",".join(
        (
            reference,
            f"H{reference}",
            name or holder.name,
            holder.birth_date.isoformat(),
            holder.sex,
            "719-1192",
            address or holder.address.removeprefix("岡山県"),
            amount,
            account,
            suppressed,
        )
    )


def a_file(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return "\r\n".join((header, *rows, "")).encode(encoding)


def a_program_request(**changes) -> pb.CreateProgramRequest:
    values = {
        "code": "kyufu-2026",
        "title": "住民税非課税世帯への給付金",
        "unit": pb.ENTITLED_UNIT_HOUSEHOLD,
        "amount": 70_000,
        "budget": 500_000_000_000,
        "procedure": "confirm_account",
        "request_id": a_request_id(),
    }
    return pb.CreateProgramRequest(**values | changes)


async def a_program(staff: Core, **changes) -> pb.Program:
    request = a_program_request(**changes)
    return (await staff.ask(staff.eligibility.CreateProgram, request)).program


async def sent(
    parts: Iterable[rosters_pb2.ImportRosterRequest],
) -> AsyncIterator[rosters_pb2.ImportRosterRequest]:
    for part in parts:
        yield part


async def upload(
    staff: Core,
    program: pb.Program,
    content: bytes,
    *,
    preview: bool = False,
    request_id: str = "",
    size: int = 500,
    file_name: str = "roster.csv",
    mapping_id: str = "",
) -> Told:
    """Send a file in chunks of `size` bytes."""
    header = rosters_pb2.RosterHeader(
        program_id=program.program_id,
        file_name=file_name,
        mapping_id=mapping_id,
        preview=preview,
        request_id=request_id or a_request_id(),
    )
    parts = [rosters_pb2.ImportRosterRequest(header=header)]
    parts += [
        rosters_pb2.ImportRosterRequest(chunk=content[start : start + size])
        for start in range(0, len(content), size)
    ]
    return await told_of(staff.converse(staff.rosters.ImportRoster, sent(parts)))


async def matched(staff: Core, program: pb.Program) -> matching_pb2.MatchRosterResponse:
    request = matching_pb2.MatchRosterRequest(
        program_id=program.program_id, request_id=a_request_id()
    )
    return await staff.ask(staff.matching.MatchRoster, request)


async def matches(
    staff: Core, program: pb.Program, decision: int = 0, **changes
) -> matching_pb2.ListMatchesResponse:
    request = matching_pb2.ListMatchesRequest(
        program_id=program.program_id, decision=decision, **changes
    )
    return await staff.ask(staff.matching.ListMatches, request)


async def the_program(staff: Core, program: pb.Program) -> pb.Program:
    request = pb.GetProgramRequest(program_id=program.program_id)
    return (await staff.ask(staff.eligibility.GetProgram, request)).program


def a_decision(
    match: matching_pb2.Match, decision: int, **changes
) -> matching_pb2.DecideMatchRequest:
    values = {
        "match_id": match.match_id,
        "decision": decision,
        "reason": "戸籍の附票で確かめた",
        "etag": match.etag,
        "request_id": a_request_id(),
    }
    return matching_pb2.DecideMatchRequest(**values | changes)
