"""Who is entitled in the fake core's city: terms, rosters, kept rules, crossings, the ledger."""

import asyncio
import uuid
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from todoke.v1 import crossings_pb2, eligibility_pb2, ledger_pb2, matching_pb2, rosters_pb2
from todoke.v1.payments_pb2 import PAYOUT_RAIL_BANK_TRANSFER
from todoke.v1.residents_pb2 import ASSURANCE_COUNTER

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


class Claims:
    """What programs pay to whom, and how far those are reached."""

    def __init__(self) -> None:
        super().__init__()
        self.versions: dict[str, list[eligibility_pb2.ProgramVersion]] = {}
        self.rosters: list[eligibility_pb2.Roster] = []
        self.mappings: list[rosters_pb2.ColumnMapping] = []
        self.columns: list[rosters_pb2.Column] = some_columns()
        self.difference = rosters_pb2.RosterDifference(
            came=12,
            left=3,
            changed=5,
            unchanged=980,
            applications_touched={"submitted": 2},
            total_before=30_000_000,
            total_after=30_270_000,
            difference_hash="d" * 64,
        )
        self.difference_rows: list[rosters_pb2.RosterDifferenceRow] = []
        self.rules: dict[str, matching_pb2.MatchRule] = {}
        self.second_eyes = False
        self.crossings: dict[str, crossings_pb2.Crossing] = {}
        self.ledger: dict[str, ledger_pb2.LedgerEntry] = {}
        self.progress: list[ledger_pb2.ProgressRow] = []
        self.letters_set = asyncio.Event()
        """Letters are set in type as far as half of them until this is set."""
        self.standing = ledger_pb2.STANDING_NOT_FOUND

    def add_crossing(self, program: eligibility_pb2.Program, *, proposer="hanako", **facts):
        crossing = crossings_pb2.Crossing(
            crossing_id=str(uuid.uuid4()),
            program_id=program.program_id,
            direction=crossings_pb2.CROSSING_DIRECTION_EXPORT,
            state=crossings_pb2.CROSSING_STATE_PROPOSED,
            rows=1000,
            content_hash="c0ffee" * 10 + "c0ff",
            proposer=proposer,
            propose_time=at(len(self.crossings)),
            etag="c1",
        )
        for name, value in facts.items():
            setattr(crossing, name, value)
        self.crossings[crossing.crossing_id] = crossing
        return crossing

    def add_line(self, name: str, state: int, *, way: int = 3):
        entry = ledger_pb2.LedgerEntry(state=state, best_way=way)
        entry.entitlement.entitlement_id = str(uuid.uuid4())
        entry.entitlement.reference = f"{3000000 + len(self.ledger)}"
        entry.entitlement.name = name
        entry.entitlement.address = "青森県弘前市大字上白銀町1-1"
        entry.entitlement.amount = 30_000
        self.ledger[entry.entitlement.entitlement_id] = entry
        return entry

    def add_progress(self, area: str, from_age: int, to_age: int, **states: int) -> None:
        row = ledger_pb2.ProgressRow(
            area=area, from_age=from_age, to_age=to_age, entitled=sum(states.values())
        )
        row.states.update(states)
        self.progress.append(row)


def at(later: int = 0) -> Timestamp:
    return Timestamp(seconds=int(NOON.timestamp()) + later)


def some_columns() -> list[rosters_pb2.Column]:
    held = (
        ("宛名番号", rosters_pb2.ROSTER_COLUMN_REFERENCE),
        ("氏名", rosters_pb2.ROSTER_COLUMN_NAME),
        ("生年月日", rosters_pb2.ROSTER_COLUMN_BIRTH_DATE),
        ("住所", rosters_pb2.ROSTER_COLUMN_ADDRESS),
        ("備考", rosters_pb2.ROSTER_COLUMN_UNSPECIFIED),
    )
    return [rosters_pb2.Column(name=name, holds=holds) for name, holds in held]


def some_terms(day: str = "2026-04-01") -> eligibility_pb2.ProgramTerms:
    terms = eligibility_pb2.ProgramTerms(
        effective_date=day,
        budget=210_000_000,
        required_assurance=ASSURANCE_COUNTER,
        rails=[PAYOUT_RAIL_BANK_TRANSFER],
        approvals=1,
    )
    terms.amount.fixed.amount = 30_000
    terms.filing.begin_date, terms.filing.end_date = "2026-04-01", "2027-02-26"
    terms.title.by_language["ja"] = "物価高騰対策給付金"
    terms.description.by_language["ja"] = "物価高騰の影響を受ける世帯への給付です。"
    return terms
