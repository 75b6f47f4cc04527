"""A program's terms between the contract and the fields of a form, and as people read them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from todoke.v1.eligibility_pb2 import AgeBand, AmountRule, DateRange, ProgramTerms
from todoke.v1.payments_pb2 import PayoutRail
from todoke.v1.residents_pb2 import Assurance
from tui import formats
from tui.dates import Mistyped, read_date
from tui.dialogs.ask import Answers
from tui.numbers import whole_yen
from tui.wording import Words

RULES = ("fixed", "per_head", "by_age", "from_roster")
RAILS = tuple(PayoutRail.keys()[1:])
MOST_OF_ALL = 100_000_000
"""The most in yen that the contract lets one entitlement be."""

OLDEST = 150
BAND = re.compile(r"(\d{1,3})[-~〜](\d{0,3}):(\d{1,3}(?:,\d{3})+|\d+)(?!\d)")
BETWEEN = re.compile(r"[\s,;、]+")


def terms_of(words: Words, answers: Answers, before: ProgramTerms) -> ProgramTerms:
    """Read what was filled in; languages that the form does not show stay as they were."""
    terms = ProgramTerms(
        effective_date=_day(words, answers, "effective_date"),
        amount=_amount(words, answers),
        budget=whole_yen(answers["budget"]),
        filing=DateRange(
            begin_date=_day(words, answers, "begin_date"), end_date=_day(words, answers, "end_date")
        ),
        required_assurance=Assurance.Value(str(answers["required_assurance"])),
        rails=[PayoutRail.Value(rail) for rail in RAILS if answers[rail]],
        title=before.title,
        description=before.description,
        freezes=list(_freezes(words, str(answers["freezes"]))),
        approvals=int(str(answers["approvals"])),
        second_eyes=bool(answers["second_eyes"]),
        deciders=[name for name in BETWEEN.split(str(answers["deciders"])) if name],
    )
    for text, name in ((terms.title, "title"), (terms.description, "description")):
        for language, field in (("ja", name), ("en", f"{name}_en")):
            written = str(answers[field])
            if written:
                text.by_language[language] = written
            else:
                text.by_language.pop(language, None)
    return terms


def most_of(rule: AmountRule) -> int:
    """Return the most in yen that one entitlement can be."""
    match rule.WhichOneof("rule"):
        case "fixed":
            return rule.fixed.amount
        case "per_head":
            return rule.per_head.most or MOST_OF_ALL
        case "by_age":
            return max((band.amount for band in rule.by_age.bands), default=0)
        case _:
            return rule.from_roster.most


def values_of(terms: ProgramTerms) -> dict[str, str | bool]:
    """Write terms into the fields of the form."""
    rule = terms.amount
    amount = rule.fixed.amount or rule.per_head.amount
    most = rule.per_head.most or rule.from_roster.most
    values: dict[str, str | bool] = {
        "rule": rule.WhichOneof("rule") or RULES[0],
        "amount": str(amount or ""),
        "most": str(most or ""),
        "age_date": rule.by_age.age_date,
        "bands": bands_text(rule.by_age.bands),
        "budget": str(terms.budget or ""),
        "effective_date": terms.effective_date,
        "begin_date": terms.filing.begin_date,
        "end_date": terms.filing.end_date,
        "freezes": ranges_text(terms.freezes),
        "required_assurance": Assurance.Name(terms.required_assurance),
        "approvals": str(terms.approvals or 1),
        "second_eyes": terms.second_eyes,
        "deciders": " ".join(terms.deciders),
    }
    for name, text in (("title", terms.title), ("description", terms.description)):
        values[name] = text.by_language.get("ja", "")
        values[f"{name}_en"] = text.by_language.get("en", "")
    return values | {rail: PayoutRail.Value(rail) in terms.rails for rail in RAILS}


def bands_text(bands: Sequence[AgeBand]) -> str:
    return " ".join(
        f"{band.from_age}-{band.to_age if band.to_age < OLDEST else ''}:{band.amount}"
        for band in bands
    )


def ranges_text(ranges: Sequence[DateRange]) -> str:
    return " ".join(f"{days.begin_date}~{days.end_date}" for days in ranges)


def amount_text(words: Words, rule: AmountRule) -> str:
    """Say in words how much an entitlement is."""
    name = rule.WhichOneof("rule") or RULES[0]
    bands = (
        words(
            "band",
            from_age=band.from_age,
            to_age="" if band.to_age >= OLDEST else band.to_age,
            amount=formats.count(band.amount),
        )
        for band in rule.by_age.bands
    )
    return words(
        f"amount_rule.{name}_text",
        amount=formats.count(rule.fixed.amount or rule.per_head.amount),
        most=formats.count(most_of(rule)),
        day=rule.by_age.age_date,
        bands=words("comma").join(bands),
    )


def rails_text(words: Words, terms: ProgramTerms) -> str:
    return words("comma").join(words(f"rail.{PayoutRail.Name(rail)}") for rail in terms.rails)


def _amount(words: Words, answers: Answers) -> AmountRule:
    rule = AmountRule()
    match str(answers["rule"]):
        case "fixed":
            rule.fixed.amount = whole_yen(answers["amount"])
        case "per_head":
            rule.per_head.amount = whole_yen(answers["amount"])
            rule.per_head.most = whole_yen(answers["most"])
        case "by_age":
            rule.by_age.age_date = _day(words, answers, "age_date")
            rule.by_age.bands.extend(read_bands(str(answers["bands"])))
        case _:
            rule.from_roster.most = whole_yen(answers["most"])
    return rule


def read_bands(written: str) -> list[AgeBand]:
    """Read bands such as "0-17:20000 65-:10000"; raise Mistyped where there are none or others."""
    text = unicodedata.normalize("NFKC", written)
    bands = [
        AgeBand(from_age=int(first), to_age=int(last or OLDEST), amount=whole_yen(amount))
        for first, last, amount in BAND.findall(text)
    ]
    if not bands or BETWEEN.sub("", BAND.sub("", text)):
        raise Mistyped("bands")
    return bands


def _freezes(words: Words, written: str) -> Iterator[DateRange]:
    for part in BETWEEN.split(unicodedata.normalize("NFKC", written)):
        if part:
            begin, _, end = part.replace("〜", "~").partition("~")
            first = read_date(words, begin, "freezes")
            yield DateRange(begin_date=first, end_date=read_date(words, end or begin, "freezes"))


def _day(words: Words, answers: Answers, field: str) -> str:
    """Read a day that must be there."""
    day = read_date(words, answers[field], field)
    if not day:
        raise Mistyped(field)
    return day
