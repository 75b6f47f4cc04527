"""Makers of programs, rosters and matches, through the real RPCs."""

from collections.abc import AsyncIterator, Iterable

from channels.simulators.card import Holder
from tests.makers import a_request_id
from todoke.client import Core
from todoke.v1 import eligibility_pb2 as pb

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


async def sent(parts: Iterable[pb.ImportRosterRequest]) -> AsyncIterator[pb.ImportRosterRequest]:
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
) -> pb.ImportRosterResponse:
    """Send a file in chunks of `size` bytes."""
    header = pb.RosterHeader(
        program_id=program.program_id,
        file_name=file_name,
        preview=preview,
        request_id=request_id or a_request_id(),
    )
    parts = [pb.ImportRosterRequest(header=header)]
    parts += [
        pb.ImportRosterRequest(chunk=content[start : start + size])
        for start in range(0, len(content), size)
    ]
    return await staff.upload(staff.eligibility.ImportRoster, sent(parts))


async def matched(staff: Core, program: pb.Program) -> pb.MatchRosterResponse:
    request = pb.MatchRosterRequest(program_id=program.program_id, request_id=a_request_id())
    return await staff.ask(staff.eligibility.MatchRoster, request)


async def matches(
    staff: Core, program: pb.Program, decision: int = 0, **changes
) -> pb.ListMatchesResponse:
    request = pb.ListMatchesRequest(program_id=program.program_id, decision=decision, **changes)
    return await staff.ask(staff.eligibility.ListMatches, request)


async def the_program(staff: Core, program: pb.Program) -> pb.Program:
    request = pb.GetProgramRequest(program_id=program.program_id)
    return (await staff.ask(staff.eligibility.GetProgram, request)).program


def a_decision(match: pb.Match, decision: int, **changes) -> pb.DecideMatchRequest:
    values = {
        "match_id": match.match_id,
        "decision": decision,
        "reason": "戸籍の附票で確かめた",
        "etag": match.etag,
        "request_id": a_request_id(),
    }
    return pb.DecideMatchRequest(**values | changes)
