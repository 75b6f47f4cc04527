"""Printed codes in applications: how the city takes one, and using it when it is filed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import attempts, coupon_codes
from core.applications import coupon_rows
from core.applications.rows import Application
from core.attempts import TooManyAttempts
from core.coupons import actions as coupons
from core.coupons import rows, rules
from core.coupons.rules import Standing
from core.errors import NotNow
from core.japan import today
from core.procedures.blocks.coupon import CouponBlock
from core.procedures.definition import Context, Procedure, Refused, Step


class CouponRefused(NotNow):
    """A code cannot be used any more; metadata hold the `step` and the `problem`."""

    reason = "COUPON_REFUSED"


def refused(
    session: Session, row: Application, procedure: Procedure, now: datetime
) -> dict[tuple[str, str], Refused]:
    """Return which of the codes that were answered are taken no more, by step and code."""
    if not _asks(procedure):
        return {}
    found = {}
    for step, code in _given(row.answers, procedure):
        standing, why = _judged(session, row, step, code, now)
        if standing is not Standing.GOOD:
            found[step, code] = why
    return found


def heard(
    session: Session,
    row: Application,
    step: Step,
    given: Any,
    *,
    context: Context,
    now: datetime,
    contact_id: str = "",
) -> Context:
    """Return the context with whether a code that was just given is taken.

    Codes that are none are counted by the contact that gave them; after too many it waits.
    """
    if not isinstance(step.block, CouponBlock) or not isinstance(given, str):
        return context
    try:
        code = coupon_codes.read(given)
    except coupon_codes.Mistyped:
        return context
    if contact_id:
        try:
            attempts.check(session, coupons.BOUND, row.municipality, contact_id, now)
        except TooManyAttempts as rests:
            minutes = -(-int(rests.metadata["retryAfterSeconds"]) // 60)
            return _with(context, step.key, code, ("code_rests", str(minutes)))
    standing, why = _judged(session, row, step.key, code, now)
    if standing is Standing.UNKNOWN and contact_id:
        attempts.count(session, coupons.BOUND, row.municipality, contact_id, now)
    return context if standing is Standing.GOOD else _with(context, step.key, code, why)


def refused_step(row: Application, procedure: Procedure, context: Context) -> str:
    """Return the step whose code is taken no more; empty where all are."""
    if not context.refused:
        return ""
    given = _given(row.answers, procedure)
    return next((step for step, code in given if (step, code) in context.refused), "")


def take(
    session: Session,
    row: Application,
    procedure: Procedure,
    answers: Mapping[str, Any],
    now: datetime,
) -> None:
    """Use the codes of what is filed, and give back what another answer stands in the place of.

    Raises CouponRefused where one was used, voided or over meanwhile.
    """
    if not _asks(procedure):
        return
    held = coupon_rows.of_application(session, row)
    wanted = {step: rows.index_of(session, code) for step, code in _given(answers, procedure)}
    for step, use in held.items():
        if wanted.get(step) != use.code_index:
            session.delete(use)
    session.flush()
    # In one order, whoever else files with the same codes.
    for index, step in sorted((index, step) for step, index in wanted.items()):
        if step in held and held[step].code_index == index:
            continue
        found = rows.find(session, row.municipality, index, lock=True)
        standing = _standing(session, row, found, index, now)
        most = found[1].uses if found else 0
        if standing is Standing.GOOD and not coupon_rows.take(
            session, row, step=step, index=index, most=most
        ):
            standing = Standing.USED
        if standing is not Standing.GOOD:
            raise CouponRefused(
                f"the code at {step} is {standing}: give another",
                step=step,
                problem=f"code_{standing}",
            )


def _judged(
    session: Session, row: Application, step: str, code: str, now: datetime
) -> tuple[Standing, Refused]:
    """Return how a code stands for an application, with the problem and what to word it with."""
    index = rows.index_of(session, code)
    held = coupon_rows.of_application(session, row).get(step) if row.filed_json else None
    if held is not None and held.code_index == index:
        return Standing.GOOD, ("", "")
    found = rows.find(session, row.municipality, index)
    standing = _standing(session, row, found, index, now)
    limit = None
    if found is not None and standing in {Standing.EARLY, Standing.LATE}:
        limit = found[1].first_date if standing is Standing.EARLY else found[1].last_date
    return standing, (f"code_{standing}", limit or "")


def _standing(
    session: Session,
    row: Application,
    found: tuple[rows.CouponCode, rows.CouponBook] | None,
    index: bytes,
    now: datetime,
) -> Standing:
    if found is None:
        return Standing.UNKNOWN
    code = coupons.known(*found, coupon_rows.used_by_others(session, row, index))
    return rules.standing(code, row.procedure_key, today(now))


def _with(context: Context, step: str, code: str, why: Refused) -> Context:
    return replace(context, refused={**context.refused, (step, code): why})


def _asks(procedure: Procedure) -> bool:
    return any(isinstance(step.block, CouponBlock) for step in procedure.steps)


def _given(answers: Mapping[str, Any], procedure: Procedure) -> Iterator[tuple[str, str]]:
    for step in procedure.steps:
        answer = answers.get(step.key)
        if isinstance(step.block, CouponBlock) and isinstance(answer, str):
            yield step.key, answer
