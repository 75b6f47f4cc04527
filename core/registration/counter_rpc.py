"""What RegistrationService answers about registering at the counter."""

from sqlalchemy.orm import Session

from core.db import Database
from core.etags import etag_of
from core.registration import counter, rows
from core.registration.identity.counter import Paper, PaperUnreadable
from core.registration.rules import RegistrationState
from core.residents import births
from core.residents.convert import FROM_SEX, TO_SEX
from core.wire import paging
from core.wire.convert import to_date, to_timestamp
from core.wire.door import Call
from core.wire.mutation import about, forget_about, mutation
from todoke.v1 import registration_pb2 as pb
from todoke.v1 import residents_pb2

TO_STATE = {
    state: pb.RegistrationState.Value(f"REGISTRATION_STATE_{state.name}")
    for state in RegistrationState
}
FROM_STATE = {value: state for state, value in TO_STATE.items()}

DOCUMENT = "IDENTITY_DOCUMENT_"


class CounterRpc:
    """The part of RegistrationService that two of the staff need."""

    db: Database

    @mutation
    def RegisterAtCounter(
        self, session: Session, request: pb.RegisterAtCounterRequest, call: Call
    ) -> pb.RegisterAtCounterResponse:
        row = counter.propose(
            session,
            call.caller,
            paper=_paper(request.basic_four),
            document=document_from_pb(request.document),
            consent_version=request.consent_version,
            now=call.now,
        )
        about(session, row.id)
        return pb.RegisterAtCounterResponse(registration=to_pb(row))

    async def GetRegistration(
        self, request: pb.GetRegistrationRequest, call: Call
    ) -> pb.GetRegistrationResponse:
        """Show a registration; a writing transaction, since the look is written down."""
        id = request.registration_id
        row = await self.db.write(lambda s: counter.view(s, call.caller, id=id, now=call.now))
        return pb.GetRegistrationResponse(registration=to_pb(row))

    @mutation
    def DecideRegistration(
        self, session: Session, request: pb.DecideRegistrationRequest, call: Call
    ) -> pb.DecideRegistrationResponse:
        row = counter.decide(
            session,
            call.caller,
            id=request.registration_id,
            confirmed=request.confirmed,
            reason=request.reason,
            etag=request.etag,
            now=call.now,
        )
        if not request.confirmed:
            forget_about(session, [row.id])  # What was answered of the facts, which are erased.
        about(session, row.id)
        return pb.DecideRegistrationResponse(registration=to_pb(row))

    async def ListRegistrations(
        self, request: pb.ListRegistrationsRequest, call: Call
    ) -> pb.ListRegistrationsResponse:
        limit = paging.limit_of(request.page_size)
        key = paging.key_of(request.page_token, parts=2)
        after = (key[0], key[1]) if key else None
        state = FROM_STATE.get(request.state)
        found = await self.db.read(
            lambda s: rows.page(
                s, call.caller.municipality, state=state, after=after, limit=limit + 1
            )
        )
        shown, token = paging.split(found, limit, rows.turn_of)
        return pb.ListRegistrationsResponse(
            registrations=[_in_list(row) for row in shown], next_page_token=token
        )


def to_pb(row: rows.CounterRegistration) -> pb.Registration:
    registration = _without_facts(row)
    four = counter.facts_of(row)
    if four is not None:
        registration.basic_four.CopyFrom(
            residents_pb2.BasicFour(
                name=four.name,
                birth_date=to_date(births.read(four.birth_date_text)),
                sex=TO_SEX.get(four.sex, residents_pb2.SEX_UNSPECIFIED),
                address=four.address,
            )
        )
    return registration


def _in_list(row: rows.CounterRegistration) -> pb.Registration:
    """Return a registration by which staff find it: the name, and of the facts nothing else."""
    registration = _without_facts(row)
    if row.name is not None:
        registration.basic_four.name = row.name
    return registration


def _without_facts(row: rows.CounterRegistration) -> pb.Registration:
    return pb.Registration(
        registration_id=row.id,
        document=document_to_pb(row.document),
        state=TO_STATE[row.state],
        proposer=row.proposer,
        decider=row.decider,
        resident_id=row.resident_id or "",
        create_time=to_timestamp(row.create_time),
        etag=etag_of(row.revision),
        consent_version=row.consent_version,
        decide_time=to_timestamp(row.decide_time),
    )


def document_from_pb(document: residents_pb2.IdentityDocument.ValueType) -> str:
    return residents_pb2.IdentityDocument.Name(document).removeprefix(DOCUMENT).lower()


def document_to_pb(document: str) -> residents_pb2.IdentityDocument.ValueType:
    return residents_pb2.IdentityDocument.Value(f"{DOCUMENT}{document.upper()}")


def _paper(four: residents_pb2.BasicFour) -> Paper:
    for field in ("name_substitutes", "address_substitutes"):
        if getattr(four, field):
            raise PaperUnreadable(
                "only a certificate has substitutes: leave it out", field=f"basic_four.{field}"
            )
    return Paper(
        name=four.name,
        birth_date=four.birth_date,
        sex=FROM_SEX.get(four.sex, ""),
        address=four.address,
    )
