"""What somebody may begin, and which procedures are nothing without a program."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.procedures.blocks.confirm import ConfirmBlock
from core.procedures.definition import Procedure
from core.procedures.expressions import Expression
from core.procedures.texts import places

OF_PROGRAMS = frozenset({"program", "amount", "account"})
"""What is known only for a program: its title, and what the city holds for who is entitled."""

PAID = frozenset({"account", "entitlement"})
"""Blocks by which money is paid, and only a program pays."""

_HELD = re.compile(rf"\bheld\.({'|'.join(sorted(OF_PROGRAMS))})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A procedure that somebody may begin, in their language; by its program, where it has one."""

    key: str
    title: str
    about: str
    program_id: str = ""
    needs_registration: bool = False
    application_id: str = ""


def asks_account(procedure: Procedure) -> bool:
    """Whether it is gone through also by whom the city holds no account of.

    It asks for one then, and shows none that it takes to be there.
    """
    shows = any(
        isinstance(step.block, ConfirmBlock)
        and step.when is None
        and any(fact.name == "account" for fact in step.block.shows)
        for step in procedure.steps
    )
    return not shows and any(step.block.name == "account" for step in procedure.steps)


def needs_program(procedure: Procedure) -> bool:
    """Whether a procedure tells or asks what only a program has."""
    own = procedure.values.keys() | {step.key for step in procedure.steps}
    if any(
        OF_PROGRAMS & places(pattern) - own
        for text in _texts(procedure)
        for pattern in text.values()
    ):
        return True
    if any(_HELD.search(one.source) for one in _expressions(procedure)):
        return True
    blocks = [step.block for step in procedure.steps]
    return any(
        block.name in PAID
        or (isinstance(block, ConfirmBlock) and any(one.name in OF_PROGRAMS for one in block.shows))
        for block in blocks
    )


def _texts(procedure: Procedure) -> Iterator[Mapping[str, str]]:
    for step in procedure.steps:
        yield from (step.text, step.label, step.help or {})
        yield from (text for _, text in step.block.texts())
        yield from (check.text for check in step.checks)
    yield procedure.done or {}


def _expressions(procedure: Procedure) -> Iterator[Expression]:
    yield from procedure.values.values()
    for step in procedure.steps:
        yield from (check.expression for check in step.checks)
        if step.when is not None:
            yield step.when
