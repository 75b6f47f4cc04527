"""Takes approved applications into a transfer batch: the slow part ahead, the decision at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core import crypto
from core.applications import paying, queue
from core.applications import rows as applications
from core.applications.rows import Application
from core.applications.rules import State
from core.banks import bank_master
from core.callers import Caller
from core.eligibility import closed_rows, entitlement_rows, version_rows
from core.eligibility import rows as eligibility
from core.eligibility.terms import Rail, Terms, require_unfrozen
from core.errors import Refusal
from core.ids import new_id
from core.japan import today
from core.payments import actions, findings, rows, rules, transfers
from core.payments.transfers import Order
from core.payments.zengin import records
from core.payments.zengin.identity import fingerprint
from core.payments.zengin.writing import MOST_TRANSFERS


@dataclass(frozen=True, slots=True)
class Ready:
    """A payment made ready before the transaction that decides on it."""

    payee: transfers.Payee
    sealed_payee: bytes
    account_index: bytes


Prepared = Mapping[tuple[str, int], Ready]
"""What was made ready, by an application's id and revision: what changed since is not in it."""


def prepare(session: Session, by: Caller, *, program_id: str) -> Prepared:
    """Make ready what waits to be paid, without a lock: the slow part of proposing.

    What cannot be paid is left out: it is refused where it counts, in `propose`.
    """
    wanted = queue.Wanted(program_id=program_id, states={State.APPROVED})
    waiting = queue.page(session, by.municipality, wanted, after="", limit=MOST_TRANSFERS)
    ready: dict[tuple[str, int], Ready] = {}
    entitlements = _entitlements(session, by, waiting)
    for application in waiting:
        try:
            made = _ready(session, application, entitlements[application.entitlement_id])
        except Refusal:
            continue
        ready[application.id, application.revision] = made
    return ready


def propose(
    session: Session,
    by: Caller,
    *,
    program_id: str,
    transfer_date: date,
    prepared: Prepared,
    now: datetime,
) -> rows.TransferBatch:
    """Take the approved applications of a program into a batch, with what stops it.

    Raises ProgramFrozen, OriginatorMissing, NothingToPay, TransferDateRefused,
    BatchAlreadyExported, and the refusals of an account that cannot be paid into, naming its
    application.
    """
    rules.check_transfer_date(transfer_date, now)
    program = eligibility.get_program(session, by.municipality, program_id)
    terms = version_rows.terms_now(session, program, now)
    require_unfrozen(terms, today(now))
    originator = rows.lock_originator(session, by.municipality)
    if originator is None:
        raise rules.OriginatorMissing("the city's own account for transfers is not set: set it")
    # What is above the most that a file holds waits for the next one.
    waiting = _payable(session, program, terms)[:MOST_TRANSFERS]
    ready = _all_ready(session, by, waiting, prepared)
    originator.last_serial = rules.next_serial(originator.last_serial, now)
    orders = _orders(originator, waiting, ready)
    batch = rows.TransferBatch(
        municipality=by.municipality,
        id=new_id(),
        program_id=program.id,
        state=rules.State.PROPOSED,
        line_count=len(orders),
        total=sum(order.amount for order in orders),
        transfer_date=transfer_date,
        fingerprint=_fingerprint(orders, waiting),
        findings_json=[asdict(one) for one in _findings(session, program, terms, waiting, ready)],
        order_text=_order(originator).text(),
        proposer_id=by.id,
        proposer=by.name,
        propose_time=now,
    )
    actions.check_not_exported(session, batch)
    session.add(batch)
    session.flush()  # The lines refer to it.
    rows.add_lines(session, _line_values(batch, waiting, ready, orders))
    for application in waiting:
        paying.put_into_batch(session, by, application, now)
    actions.record(session, by, batch, "proposed", now)
    return batch


def _payable(session: Session, program: eligibility.Program, terms: Terms) -> Sequence[Application]:
    """Return what waits to be paid by transfer, oldest first, locked; raise NothingToPay.

    What came out of the closed network has no account here: it waits to be paid in there. What is
    held, since its row left the roster, waits for somebody to decide about it.
    """
    if Rail.BANK_TRANSFER not in terms.rails:
        raise rules.NothingToPay(
            "the terms of the program pay nobody by bank transfer", programId=program.id
        )
    approved = applications.approved(session, program.municipality, program.id)
    inside = closed_rows.paid_inside(session, program.municipality, program.id)
    here = [one for one in approved if one.entitlement_id not in inside]
    waiting = [one for one in here if not one.is_held]
    if not waiting:
        raise rules.NothingToPay(
            f"no approved application of program {program.id} waits for payment by transfer; "
            f"{len(approved) - len(here)} wait for the closed network, which holds their accounts, "
            f"{len(here)} for somebody to decide, since their rows left the roster",
            programId=program.id,
            closedNetwork=str(len(approved) - len(here)),
            held=str(len(here)),
        )
    return waiting


def _terms_of(
    session: Session, program: eligibility.Program, roster: eligibility.Roster | None, now: Terms
) -> Terms:
    """Return the terms that a roster's amounts were computed by."""
    if roster is None or roster.freeze_time is None:
        return now
    return version_rows.terms_now(session, program, roster.freeze_time)


def _order(originator: rows.Originator) -> Order:
    branch = bank_master.branch(originator.bank_code, originator.branch_code)
    return Order(
        records.Originator(
            code=originator.code,
            name=originator.name,
            bank_code=originator.bank_code,
            bank_name=branch.bank.kana,
            branch_code=originator.branch_code,
            branch_name=branch.kana,
            account_type=originator.account_type,
            account_number=originator.account_number,
        ),
        records.BankFormat(
            line_end=records.LineEnd.CRLF if originator.line_ends else records.LineEnd.NONE,
            bank_names=not originator.blank_bank_names,
            clearing_house=" " if originator.blank_clearing_house else "0",
            wo=originator.wo_in_names,
        ),
    )


def _entitlements(
    session: Session, by: Caller, waiting: Sequence[Application]
) -> dict[str, eligibility.Entitlement]:
    ids = {application.entitlement_id for application in waiting}
    return entitlement_rows.by_id(session, by.municipality, ids)


def _ready(
    session: Session, application: Application, entitlement: eligibility.Entitlement
) -> Ready:
    payee = transfers.payee(application, entitlement)
    vault = crypto.vault_of(session)
    return Ready(
        payee=payee,
        sealed_payee=vault.seal(transfers.payee_text(payee), rows.PAYEES),
        account_index=vault.index(payee.account, rows.ACCOUNTS),
    )


def _orders(
    originator: rows.Originator, waiting: Sequence[Application], ready: Sequence[Ready]
) -> list[records.Transfer]:
    """Return the order to pay each application, numbered in the originator's series."""
    return [
        transfers.transfer(
            one.payee,
            amount=application.amount,
            payment_number=rules.payment_number(originator.last_serial, number),
        )
        for number, (application, one) in enumerate(zip(waiting, ready, strict=True), 1)
    ]


def _fingerprint(orders: Sequence[records.Transfer], waiting: Sequence[Application]) -> str:
    entitlements = {
        order.payment_id: application.entitlement_id
        for order, application in zip(orders, waiting, strict=True)
    }
    return fingerprint(orders, entitlements)


def _all_ready(
    session: Session, by: Caller, waiting: Sequence[Application], prepared: Prepared
) -> list[Ready]:
    """Return a payment for each application: as prepared, or made ready now."""
    late = [one for one in waiting if (one.id, one.revision) not in prepared]
    entitlements = _entitlements(session, by, late)
    made = {one.id: _ready(session, one, entitlements[one.entitlement_id]) for one in late}
    return [prepared.get((one.id, one.revision)) or made[one.id] for one in waiting]


def _findings(
    session: Session,
    program: eligibility.Program,
    terms: Terms,
    waiting: Sequence[Application],
    ready: Sequence[Ready],
) -> list[findings.Finding]:
    roster = eligibility.find_roster(session, program.municipality, program.id)
    return findings.find(
        [
            findings.Payment(application.amount, one.account_index)
            for application, one in zip(waiting, ready, strict=True)
        ],
        findings.Program(
            # What a frozen roster gives stays right under later terms.
            amount=_terms_of(session, program, roster, terms).most,
            budget=terms.budget,
            entitled=roster.row_count if roster else 0,
        ),
        rows.earlier(session, program.municipality, program.id),
    )


def _line_values(
    batch: rows.TransferBatch,
    waiting: Sequence[Application],
    ready: Sequence[Ready],
    orders: Sequence[records.Transfer],
) -> list[dict[str, object]]:
    return [
        {
            "municipality": batch.municipality,
            "batch_id": batch.id,
            "number": number,
            "application_id": application.id,
            "entitlement_id": application.entitlement_id,
            "amount": order.amount,
            "payee_text": one.sealed_payee,
            "account_index": one.account_index,
            "payment_number": order.payment_id,
            "live": True,
        }
        for number, (application, one, order) in enumerate(
            zip(waiting, ready, orders, strict=True), 1
        )
    ]
