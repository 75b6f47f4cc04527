"""The state of the fake core: a small city in memory, and the makers of what is in it."""

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from grpc import StatusCode

from tests.tui.fake_core.claims import Claims, some_terms
from tests.tui.fake_core.folk import Folk
from todoke.v1 import (
    activity_pb2,
    applications_pb2,
    dispatches_pb2,
    eligibility_pb2,
    matching_pb2,
    payments_pb2,
    rosters_pb2,
)
from todoke.v1.staff_pb2 import (
    ROLE_AUDITOR,
    ROLE_COUNTER,
    ROLE_ELIGIBILITY,
    ROLE_PAYMENT_APPROVER,
    ROLE_PAYMENT_PROPOSER,
    ROLE_PROTECTION,
    ROLE_REVIEWER,
    Staff,
)

MUNICIPALITY, MUNICIPALITY_NAME = "022021", "とどけ市"
PASSWORD = "tobira-wo-hiraku"
MORNING = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
FAMILY = ("佐々木", "工藤", "三上", "成田", "齋藤", "木村", "葛西", "長谷川", "対馬", "𠮷田")
GIVEN = ("花子", "太郎", "キヨ", "義男", "さくら", "健一", "トメ", "美咲", "正", "ハル")


@dataclass(frozen=True)
class Refused(Exception):  # noqa: N818 - named for the event
    """What a servicer refuses with."""

    reason: str
    code: StatusCode = StatusCode.FAILED_PRECONDITION
    metadata: dict[str, str] = field(default_factory=dict)
    violations: tuple[tuple[str, str], ...] = ()


def new_id() -> str:
    return str(uuid.uuid4())


def a_staff(name: str, display_name: str, *roles: int) -> Staff:
    return Staff(staff_id=new_id(), name=name, display_name=display_name, roles=roles)


EVERYTHING = (
    ROLE_ELIGIBILITY,
    ROLE_REVIEWER,
    ROLE_PAYMENT_PROPOSER,
    ROLE_PAYMENT_APPROVER,
    ROLE_AUDITOR,
    ROLE_COUNTER,
    ROLE_PROTECTION,
)
STAFF = {
    staff.name: staff
    for staff in (
        a_staff("hanako", "山田 花子", *EVERYTHING),
        a_staff("jiro", "鈴木 次郎", ROLE_PAYMENT_APPROVER, ROLE_REVIEWER, ROLE_COUNTER),
        a_staff("mika", "高橋 美香", ROLE_ELIGIBILITY),
        a_staff("goro", "田中 五郎", ROLE_AUDITOR),
    )
}


class City(Claims, Folk):
    """Programs, applications, matches, batches and dispatches by id; the log; what to refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.programs: dict[str, eligibility_pb2.Program] = {}
        self.applications: dict[str, applications_pb2.Application] = {}
        self.matches: dict[str, matching_pb2.Match] = {}
        self.batches: dict[str, payments_pb2.TransferBatch] = {}
        self.lines: dict[str, list[payments_pb2.TransferLine]] = {}
        self.dispatches: list[dispatches_pb2.DispatchSummary] = []
        self.events: list[activity_pb2.Event] = []
        self.problems: list[rosters_pb2.RosterProblem] = []
        self.originator: payments_pb2.Originator | None = None
        self.file = b"1" + b"0" * 119
        self.bulks: list[applications_pb2.BulkDecision] = []
        self.residents = 0
        self.broken_at = 0
        self.refusals: dict[str, list[Refused]] = {}
        self.asked: list[tuple[str, object]] = []
        self.changed = asyncio.Event()
        self.closing = False

    def refuse(self, method: str, reason: str, **kind: object) -> None:
        """Have the next call of the method refused."""
        self.refusals.setdefault(method, []).append(Refused(reason, **kind))

    def calls(self, method: str) -> list[object]:
        return [request for name, request in self.asked if name == method]

    def record(
        self, kind: str, subject: str = "", actor: str = "staff:hanako", **details: str
    ) -> None:
        event = activity_pb2.Event(
            seq=len(self.events) + 1,
            time=Timestamp(seconds=int(MORNING.timestamp()) + len(self.events)),
            actor=actor,
            kind=kind,
            subject=subject,
            details=details,
        )
        self.events.append(event)
        self.wake()

    def wake(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()

    def add_program(self, title: str = "物価高騰対策給付金", *, roster: bool = True, **counts: int):
        program = eligibility_pb2.Program(
            program_id=new_id(),
            code=f"bukka{len(self.programs) + 1}",
            title=title,
            unit=eligibility_pb2.ENTITLED_UNIT_HOUSEHOLD,
            amount=30_000,
            budget=210_000_000,
            procedure="confirm_account",
            state=eligibility_pb2.PROGRAM_STATE_OPEN,
            etag="e1",
            version=1,
            terms=some_terms(),
        )
        self.versions[program.program_id] = [
            eligibility_pb2.ProgramVersion(version=1, terms=program.terms, author="hanako")
        ]
        if roster:
            program.roster.CopyFrom(a_roster())
            self.rosters.append(program.roster)
            counts = {"entitled": 1000, "matched": 284, "unmatched": 716} | counts
        for name, number in counts.items():
            setattr(program.counts, name, number)
        self.programs[program.program_id] = program
        return program

    def add_application(
        self, program: eligibility_pb2.Program, *, state: int = 3, name: str = ""
    ) -> applications_pb2.Application:
        number = len(self.applications)
        application = applications_pb2.Application(
            application_id=new_id(),
            program_id=program.program_id,
            program_title=program.title,
            entitlement_id=new_id(),
            reference=f"{1000000 + number * 37}",
            resident_id=new_id(),
            resident_name=name or f"{FAMILY[number % 10]} {GIVEN[number * 7 % 10]}",
            amount=30_000,
            masked_account="青森みちのく銀行 本店 普通 ***4567",
            state=state,
            answers={"confirm_account": "yes"},
            procedure="confirm_account",
            procedure_version=1,
            etag="e1",
        )
        application.invite_time.seconds = int(MORNING.timestamp()) - 90_000 + number * 60
        if state >= 3:
            application.submit_time.seconds = int(MORNING.timestamp()) - 40_000 + number * 420
        self.applications[application.application_id] = application
        self.count(program.program_id)
        return application

    def add_match(self, program: eligibility_pb2.Program, *, resident: str, roster: str):
        match = matching_pb2.Match(
            match_id=new_id(),
            program_id=program.program_id,
            resident_id=new_id(),
            resident_name=resident,
            resident_birth_date="1948-03-21",
            resident_sex="2",
            resident_address="青森県弘前市大字上白銀町1-1",
            match_class=matching_pb2.MATCH_CLASS_VARIANT_CHARACTERS,
            decision=matching_pb2.MATCH_DECISION_TO_REVIEW,
            rule="variant_characters",
            difference=f"name: {resident[0]} for {roster[0]}",
            etag="m1",
        )
        match.entitlement.reference = f"{2000000 + len(self.matches)}"
        match.entitlement.name = roster
        match.entitlement.sex = "2"
        match.entitlement.birth_date = "1948-03-21"
        match.entitlement.address = "青森県弘前市上白銀町1番地1"
        match.entitlement.amount = 30_000
        self.matches[match.match_id] = match
        program.counts.to_review += 1
        return match

    def add_batch(
        self, program: eligibility_pb2.Program, *, proposer: str = "hanako", state: int = 1
    ):
        batch = payments_pb2.TransferBatch(
            batch_id=new_id(),
            program_id=program.program_id,
            program_title=program.title,
            state=state,
            lines=3,
            total=90_000,
            transfer_date="2026-12-10",
            fingerprint="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            proposer=proposer,
            etag="b1",
        )
        batch.propose_time.seconds = int(MORNING.timestamp())
        self.batches[batch.batch_id] = batch
        self.lines[batch.batch_id] = [
            payments_pb2.TransferLine(
                number=number,
                application_id=new_id(),
                masked_account="0117 101 普通 ***4567",
                payee_name="ササキ ハナコ",
                amount=30_000,
                payment_number=f"{number:020d}",
            )
            for number in range(1, 4)
        ]
        return batch

    def add_dispatch(self, state: int, *, message: str = "") -> None:
        dispatch = dispatches_pb2.DispatchSummary(
            dispatch_id=new_id(),
            channel="line",
            state=state,
            attempts=1,
            recipients=1,
            provider_message=message,
        )
        dispatch.create_time.seconds = int(MORNING.timestamp()) + len(self.dispatches)
        self.dispatches.insert(0, dispatch)

    def count(self, program_id: str) -> None:
        """Count a program's applications anew."""
        counts = self.programs[program_id].counts.applications
        counts.clear()
        for application in self.applications.values():
            if application.program_id == program_id:
                state = applications_pb2.ApplicationState.Name(application.state)
                counts[state.removeprefix("APPLICATION_STATE_").lower()] += 1


def a_roster(rows: int = 1000) -> eligibility_pb2.Roster:
    return eligibility_pb2.Roster(
        roster_id=new_id(),
        rows=rows,
        total=rows * 30_000,
        content_hash="b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
        file_name="名簿_R8_物価高騰.csv",
        encoding="cp932",
    )
