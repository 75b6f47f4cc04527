"""Terms as they are kept: as protobuf writes the contract's ProgramTerms in JSON."""

from datetime import date
from typing import Any, TypeAlias

from core.eligibility.terms import (
    AgeBand,
    AmountRule,
    ByAge,
    Days,
    Fixed,
    FromRoster,
    PerHead,
    Rail,
    Terms,
)
from core.residents.rules import Assurance

Json: TypeAlias = dict[str, Any]
"""What JSON has; protobuf writes numbers of 64 bits as text, and leaves out what is empty."""


def write(terms: Terms) -> Json:
    return {
        "effectiveDate": terms.effective_date.isoformat(),
        "amount": _write_amount(terms.amount),
        "budget": str(terms.budget),
        "filing": _write_days(terms.filing),
        "requiredAssurance": f"ASSURANCE_{terms.required_assurance.name}",
        "rails": [f"PAYOUT_RAIL_{rail.name}" for rail in terms.rails],
        "title": {"byLanguage": dict(terms.title)},
        "description": {"byLanguage": dict(terms.description)},
        "freezes": [_write_days(days) for days in terms.freezes],
        "approvals": terms.approvals,
        "secondEyes": terms.second_eyes,
        "deciders": list(terms.deciders),
    }


def read(kept: Json) -> Terms:
    """Return the terms; raise ValueError where a day is none of the calendar."""
    return Terms(
        effective_date=date.fromisoformat(kept["effectiveDate"]),
        amount=_read_amount(kept["amount"]),
        budget=int(kept["budget"]),
        filing=_read_days(kept["filing"]),
        required_assurance=Assurance[kept["requiredAssurance"].removeprefix("ASSURANCE_")],
        rails=tuple(Rail[rail.removeprefix("PAYOUT_RAIL_")] for rail in kept["rails"]),
        title=kept["title"]["byLanguage"],
        description=kept["description"]["byLanguage"],
        freezes=tuple(_read_days(days) for days in kept.get("freezes", ())),
        approvals=kept["approvals"],
        second_eyes=kept.get("secondEyes", False),
        deciders=tuple(kept.get("deciders", ())),
    )


def _write_amount(rule: AmountRule) -> Json:
    match rule:
        case Fixed(amount):
            return {"fixed": {"amount": str(amount)}}
        case PerHead(amount, most):
            return {"perHead": {"amount": str(amount), "most": str(most)}}
        case ByAge(age_date, bands):
            written = [
                {"fromAge": band.from_age, "toAge": band.to_age, "amount": str(band.amount)}
                for band in bands
            ]
            return {"byAge": {"ageDate": age_date.isoformat(), "bands": written}}
        case FromRoster(most):
            return {"fromRoster": {"most": str(most)}}


def _read_amount(kept: Json) -> AmountRule:
    ((name, rule),) = kept.items()
    if name == "fixed":
        return Fixed(int(rule["amount"]))
    if name == "perHead":
        return PerHead(int(rule["amount"]), int(rule.get("most", 0)))
    if name == "byAge":
        bands = (
            AgeBand(band.get("fromAge", 0), band.get("toAge", 0), int(band["amount"]))
            for band in rule["bands"]
        )
        return ByAge(date.fromisoformat(rule["ageDate"]), tuple(bands))
    return FromRoster(int(rule["most"]))


def _write_days(days: Days) -> Json:
    return {"beginDate": days.begin.isoformat(), "endDate": days.end.isoformat()}


def _read_days(kept: Json) -> Days:
    return Days(date.fromisoformat(kept["beginDate"]), date.fromisoformat(kept["endDate"]))
