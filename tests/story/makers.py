"""Makers of a play's outcome as the outside would see it, had all gone by the plan."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from channels.demo import identity, neighbours, open_plan
from channels.demo.association import Went
from channels.demo.eligibility import Matching
from channels.demo.hearing import Kind
from channels.demo.identity import Came, Newcomers
from channels.demo.neighbours import HOUSEHOLDS, Neighbours
from channels.demo.offering import Offered
from channels.demo.open_plan import Applicant, Applicants
from channels.demo.paying import Exported
from channels.demo.plan import FILED, Plan, Role, Ways, cast
from channels.demo.story import Found
from channels.simulators.city.city import City, Registrant
from channels.simulators.city.differences import Difference, Expected
from channels.simulators.city.roster import Row
from todoke.v1.activity_pb2 import GetOverviewResponse, VerifyAuditResponse
from todoke.v1.applications_pb2 import InviteResidentsResponse
from todoke.v1.eligibility_pb2 import Program, ProgramCounts, Roster
from todoke.v1.payments_pb2 import TransferBatch
from todoke.v1.rosters_pb2 import ImportedRoster


class Owed(NamedTuple):
    """A payment of a file, in the words of a roster's row."""

    bank: str
    branch: str
    account_kind: str
    account_number: str
    amount: int


WORDS = {
    Kind.GREETING: "ようこそ",
    Kind.CHALLENGE: "次のページで同意の文を読み、カードをかざしてください。",
    Kind.REGISTERED: "登録が終わりました。",
    Kind.HANDED_OVER: "お振り込みする口座を教えてください。",
    Kind.SUBMITTED: "申請を受け付けました。",
    Kind.APPROVED: "支給を決定しました。",
    Kind.REJECTED: "支給しないことに決定しました。",
    Kind.RENEWAL: "登録の確認をお願いします。",
}
REPLIES = {Kind.GREETING, Kind.CHALLENGE, Kind.HANDED_OVER, Kind.SUBMITTED}


def a_whole_plan() -> Plan:
    return cast(City(1, households=60, registered=40))


def some_newcomers() -> Newcomers:
    return identity.cast(a_whole_plan().roles)


def some_applicants() -> Applicants:
    return open_plan.cast(a_whole_plan().without(some_newcomers().all).roles)


def _others() -> Plan:
    return a_whole_plan().without([*some_newcomers().all, *some_applicants().registrants])


def some_neighbours() -> Neighbours:
    return neighbours.cast(_others().roles)


def a_plan() -> Plan:
    return _others().without(some_neighbours().all)


def a_plan_with_one_who_moved() -> tuple[Plan, Role]:
    plan = a_plan()
    shown = next(r for r in plan.roles if r.registrant.difference is Difference.ADDRESS_KOAZA)
    moved = replace(
        shown, registrant=replace(shown.registrant, difference=Difference.ADDRESS_MOVED)
    )
    return replace(plan, roles=tuple(moved if r is shown else r for r in plan.roles)), moved


def a_message(kind: Kind, text: str, number: str) -> dict[str, Any]:
    """Make a message as the account sends it; `number` of the account that a prompt shows."""
    if kind in WORDS:
        return {"type": "text", "text": WORDS[kind] + text}
    contents = [{"type": "text", "text": f"****{number[-3:]}{text}"}]
    return {"type": "flex", "contents": [*contents, *({"type": one} for one in ["postback"] * 2)]}


def some_deliveries(plan: Plan) -> dict[str, list[dict[str, Any]]]:
    numbers = {row.addressee: row.account_number for row in plan.city.rows}
    in_line = [one for one in some_applicants().each if one.in_line]
    block = some_neighbours()
    return (
        {role.user_id: _sends(role, numbers) for role in plan.roles}
        | {one.registrant.line_user_id: [_told(one)] for one in in_line}
        | {
            one.line_user_id: [_circular(one, number) for number in range(many)]
            for one, many in ((block.chair, 2), (block.in_line, 1))
        }
    )


def _circular(one: Registrant, number: int) -> dict[str, Any]:
    """Make the push by which a neighbour is told of a circular."""
    said = {"type": "text", "text": "中央自治会から回覧が届きました。"}
    id = f"{one.line_user_id}-circular-{number}"
    return {"kind": "push", "request_id": id, "retry_key": f"key-{id}", "messages": [said]}


def _told(one: Applicant) -> dict[str, Any]:
    """Make the push by which an applicant for a helmet is told what was decided."""
    kind = Kind.APPROVED if one.is_paid else Kind.REJECTED
    said = a_message(kind, f"{one.subsidy:,}円" if one.is_paid else "", "")
    id = f"{one.registrant.line_user_id}-told"
    return {"kind": "push", "request_id": id, "retry_key": f"key-{id}", "messages": [said]}


def _sends(role: Role, numbers: dict[str, str]) -> list[dict[str, Any]]:
    number = numbers.get(role.registrant.person.addressee, "")
    sends = []
    for place, kind in enumerate(role.messages):
        id = f"{role.user_id}-{place}"
        is_push = kind not in REPLIES
        sends.append(
            {
                "kind": "push" if is_push else "reply",
                "request_id": id,
                "retry_key": f"key-{id}" if is_push else None,
                # Asked again, the prompt has what staff wrote, and so is another.
                "messages": [a_message(kind, str(place), number)],
            }
        )
    return sends


def a_bank_file(rows: Sequence[Row | Owed]) -> bytes:
    header = f"12101234567890{'ｿｳｼﾞﾔｼ':<40}12010168{'':15}191{'':15}10000001{'':17}"
    lines = [
        f"2{row.bank}{'':15}{row.branch}{'':15}0000{row.account_kind}{row.account_number}"
        f"{'ﾄﾄﾞｹ ﾀﾛｳ':<30}{int(row.amount):010}0{number:020}0{'':8}"
        for number, row in enumerate(rows, 1)
    ]
    total = sum(int(row.amount) for row in rows)
    trailer = f"8{len(rows):06}{total:012}{'':101}"
    return "".join([header, *lines, trailer, f"9{'':119}"]).encode("cp932")


def some_offered(folder: Path, **other: Any) -> Offered:
    """Make what was seen of what anybody may file, had all gone by the plan."""
    applicants = some_applicants()
    owed = [
        Owed(
            one.account["bank"],
            one.account["branch"],
            one.account["account_type"],
            one.account["account_number"],
            one.subsidy,
        )
        for one in applicants.paid
    ]
    batch = TransferBatch(lines=len(owed), total=applicants.total)
    states = {"in_payment": len(owed), "rejected": len(applicants.each) - len(owed)}
    in_line = [one for one in applicants.each if one.in_line]
    on_web = len(applicants.each) - len(in_line)
    seen = {
        "applicants": applicants,
        "program": Program(counts=ProgramCounts(applications=states)),
        "exported": Exported(batch, folder / "helmets", a_bank_file(owed)),
        "receipts": len(applicants.each) + 1,
        "surveys": ["mark_4"] * on_web + ["mark_5"] * len(in_line),
        "seen_on_the_web": on_web,
    }
    return Offered(**(seen | other))


def rows_to_pay(plan: Plan) -> list[Row]:
    rows = {row.addressee: row for row in plan.city.rows}
    return [rows[role.registrant.person.addressee] for role in plan.paid]


def an_outcome(plan: Plan, tmp_path: Any, **other: Any) -> Found:
    sure = plan.expected(Expected.EXACT, Expected.SUPPRESSED, Expected.NO_ACCOUNT)
    doubtful = plan.expected(Expected.REVIEW)
    total = sum(int(row.amount) for row in plan.city.rows)
    batch = TransferBatch(lines=len(plan.paid), total=plan.total)
    outcome = {
        "registered": len(plan.roles),
        "problems": 0,
        "imported": ImportedRoster(roster=Roster(rows=len(plan.city.rows), total=total)),
        "matching": Matching(sure, doubtful, doubtful, 0),
        "invited": InviteResidentsResponse(
            invited=len(plan.invited),
            suppressed=plan.expected(Expected.SUPPRESSED),
            unreachable=len(plan.ways(Ways.BLOCK)),
            without_account=plan.expected(Expected.NO_ACCOUNT),
        ),
        "submitted": len(plan.ways(*FILED)),
        "program": Program(counts=ProgramCounts(applications=plan.application_states)),
        "exported": Exported(batch, tmp_path / "file", a_bank_file(rows_to_pay(plan))),
        "overview": GetOverviewResponse(
            residents=len(plan.roles) + identity.PEOPLE - 1 + open_plan.PEOPLE
        ),
        "audit": VerifyAuditResponse(events=1),
        "deliveries": some_deliveries(plan),
        "newcomers": some_newcomers(),
        "came": Came(
            on_the_web=True,
            at_the_counter="confirmed",
            linked=True,
            proxies=1,
            exported=True,
            found_after_leaving=0,
        ),
        "offered": some_offered(tmp_path),
        "went": Went(
            some_neighbours(), joined=neighbours.PEOPLE, read=(HOUSEHOLDS, 0), on_screen=True
        ),
        **other,
    }
    return Found(**outcome)
