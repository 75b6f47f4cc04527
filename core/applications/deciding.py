"""Deciding on applications: whether each may be decided so, and what is written of many at once.

Whoever decides one decides a list of one: there is no other rule for many.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.applications import amounts, checking, payee, paying, rows, rules, speech, telling
from core.applications.cases import Case
from core.applications.history import record
from core.applications.knowing import LANGUAGE
from core.applications.notices.letterhead import Letterhead
from core.applications.rules import Verb
from core.callers import Caller
from core.eligibility import opening
from core.eligibility.opening import Granted
from core.eligibility.terms import Terms, require_unfrozen
from core.japan import today


def require_decider(
    by: Caller, row: rows.Application, terms: Terms | None, verb: Verb, now: datetime
) -> None:
    """Raise NotADecider, ProgramFrozen, and SamePerson to whoever entered the application."""
    rules.check_other_person(by.id, {row.entered_by} - {""})
    if terms is not None:
        rules.check_decider(by.name, terms.deciders, verb)
        require_unfrozen(terms, today(now))


def require_approvable(by: Caller, case: Case, now: datetime) -> None:
    """Raise where a person may not approve it now, before anybody counts on it.

    Raises what `require_decider` and `paying.check_payable` raise, and WrongState, LeftRoster,
    ProcedureUnknown, ChecklistIncomplete, AnswersMissing, AnswerInvalid, AmountDiffers, SamePerson.
    """
    row, terms = case.row, case.terms(now)
    require_decider(by, row, terms, Verb.APPROVE, now)
    rules.move(row.state, Verb.APPROVE)
    _require_not_held(row)
    walk = checking.walked(case, now)
    checking.require_decidable(row, walk)
    if terms is not None:
        amounts.require_due(row, walk, terms)
        if case.entitlement is None or not case.entitlement.is_paid_inside:
            paying.check_payable(payee.account(row, case.entitlement))
    if case.entitlement is not None and row.resident_id and row.left_version is None:
        # The link of a row that left ended with it: who let the application stand knew that.
        _require_linked(case)
    rules.check_other_person(by.id, case.approvers)


def require_rejectable(by: Caller, case: Case, now: datetime) -> None:
    """Raise what `require_decider` raises, WrongState, and ProcedureUnknown without a program."""
    require_decider(by, case.row, case.terms(now), Verb.REJECT, now)
    rules.move(case.row.state, _verb_against(case.row))
    case.title(LANGUAGE, now)  # Of one without a program this is its procedure's.


def approve(
    session: Session, by: Caller, cases: Sequence[Case], *, letterhead: Letterhead, now: datetime
) -> None:
    """Decide for the residents, and tell them, once as many people approve as a program asks for.

    Each was found approvable in this transaction.
    """
    approvals, final = [], []
    for case in cases:
        number = len(case.approvers) + 1
        approvals.append(
            {
                "municipality": by.municipality,
                "application_id": case.row.id,
                "number": number,
                "staff_id": by.id,
                "staff_name": by.name,
                "approve_time": now,
            }
        )
        terms = case.terms(now)
        if terms is None or number >= terms.approvals:
            final.append(case)
        else:
            case.row.revision += 1
            record(session, by, case.row, "partly_approved", now)
    rows.add_approvals(session, approvals)
    _entitle(session, final)
    _decide(session, by, final, {case.row.id: Verb.APPROVE for case in final}, now)
    if final:
        telling.decided(session, by, final, letterhead=letterhead, now=now)


def reject(
    session: Session,
    by: Caller,
    cases: Sequence[Case],
    *,
    reason: str,
    letterhead: Letterhead,
    now: datetime,
) -> None:
    """Decide against the residents, and tell them why; each was found rejectable just now."""
    verbs = {case.row.id: _verb_against(case.row) for case in cases}
    _decide(session, by, cases, verbs, now, reason=reason)
    if cases:
        telling.decided(session, by, cases, letterhead=letterhead, reason=reason, now=now)


def _verb_against(row: rows.Application) -> Verb:
    """Return what a rejection is: of an approved one whose row left, that it is revoked."""
    revokes = row.is_held and row.state is rules.State.APPROVED
    return Verb.REVOKE if revokes else Verb.REJECT


def _require_not_held(row: rows.Application) -> None:
    if row.is_held:
        raise rules.LeftRoster(
            "the row of this application left the roster: keep the application, or reject it",
            version=str(row.left_version),
        )


def _require_linked(case: Case) -> None:
    if not case.is_linked:
        raise rules.WrongState(
            "the match of this application is open again: decide the match first",
            state=case.row.state,
            verb=Verb.APPROVE,
        )


def _entitle(session: Session, cases: Sequence[Case]) -> None:
    """Make what is approved in a program that is open to all rows of its list."""
    opened: dict[str, list[Case]] = {}
    for case in cases:
        if case.program is not None and case.entitlement is None:
            opened.setdefault(case.program.id, []).append(case)
    for _, those in sorted(opened.items()):
        program = those[0].program
        assert program is not None  # noqa: S101 - as they were looked for.
        granted = [
            Granted(
                speech.number_of(case.row, program), case.row.amount, payee.account(case.row, None)
            )
            for case in those
        ]
        for case, made in zip(those, opening.entitle(session, program, granted), strict=True):
            case.row.entitlement_id, case.entitlement = made.id, made


def _decide(
    session: Session,
    by: Caller,
    cases: Sequence[Case],
    verbs: Mapping[str, Verb],
    now: datetime,
    *,
    reason: str | None = None,
) -> None:
    for case in cases:
        row, before = case.row, case.row.state
        row.state = rules.move(before, verbs[row.id])
        row.revision += 1
        row.decide_time = now
        record(session, by, row, row.state, now, before=before, reason=reason)
