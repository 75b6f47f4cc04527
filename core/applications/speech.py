"""What an application's procedure says, in the resident's language, as the contract names it."""

from dataclasses import asdict
from typing import Any

from core.applications.rows import Application
from core.eligibility import rows as eligibility
from core.eligibility.terms import Terms
from core.procedures import rules as procedures
from core.procedures.rules import Procedure

LANGUAGE = "ja"
"""Where the contact has named none."""


def context_of(
    terms: Terms, entitlement: eligibility.Entitlement, amount: int, language: str
) -> dict[str, str]:
    """Return what the city holds, for the places and facts of a procedure."""
    # As the words around it: English where they are, else Japanese, which every text falls back to.
    yen = f"¥{amount:,}" if language.startswith("en") else f"{amount:,}円"
    return {
        "program": terms.title_in(language or LANGUAGE),
        "amount": yen,
        "account": eligibility.masked_account(entitlement),
    }


def turn(
    application: Application,
    procedure: Procedure,
    context: dict[str, str],
    language: str,
    *,
    on_behalf_of: str = "",
) -> dict[str, Any]:
    """Return {"prompt": …} or {"closing": …} with the contract's names.

    `on_behalf_of` is whose matter it is, where a proxy reads it.
    """
    language = language or LANGUAGE
    said = procedures.turn(procedure, application.answers, context, language)
    shared = {
        "application_id": application.id,
        "language": language,
        "on_behalf_of": on_behalf_of,
    }
    if isinstance(said, procedures.Prompt):
        return {"prompt": {**asdict(said), **shared, "returned_with": application.returned_with}}
    closing = asdict(said)
    del closing["outcome"]
    state = f"APPLICATION_STATE_{application.state.name}"
    return {"closing": {**closing, **shared, "state": state}}


def notice(
    kind: str,
    application: Application,
    program: eligibility.Program,
    terms: Terms,
    entitlement: eligibility.Entitlement,
    *,
    language: str,
    reason: str = "",
    on_behalf_of: str = "",
) -> dict[str, Any]:
    """Return {"notice": …} of a decision, with the contract's names."""
    decided = application.decide_time
    return {
        "notice": {
            "kind": f"NOTICE_KIND_{kind}",
            "program_title": terms.title_in(language or LANGUAGE),
            "amount": application.amount,
            "masked_account": eligibility.masked_account(entitlement),
            "reason": reason,
            "reference": number_of(application, program),
            "language": language or LANGUAGE,
            "time": decided.isoformat() if decided else None,
            "on_behalf_of": on_behalf_of,
        }
    }


def number_of(application: Application, program: eligibility.Program) -> str:
    """Return the number on the decision notice, by which the resident can ask about it."""
    return f"{program.code}-{application.id[-12:]}".upper()
