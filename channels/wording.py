"""What channels say to residents: sentences from the catalogues in `words/`, one file a language.

Japanese is complete; another language falls back to it sentence by sentence, and so does easy
Japanese (`ja-x-easy`).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from todoke.client import CoreError
from todoke.v1.campaigns_pb2 import InboxMessage
from todoke.v1.dispatches_pb2 import Notice, NoticeKind
from todoke.v1.ledger_pb2 import Explanation
from todoke.v1.procedures_pb2 import AnswerProblem
from todoke.v1.proxies_pb2 import ProxyScope
from todoke.v1.residents_pb2 import StaleCause

FIRST = "ja"
JAPAN = ZoneInfo("Asia/Tokyo")
PLACES = dict.fromkeys(("limit", "first", "last", "step", "left"), "―")
"""What stands in a problem's place that the core leaves empty."""


class NothingToSay(Exception):  # noqa: N818 - named for the event, not as an error.
    """No catalogue words this: the core is newer than the channel."""


@dataclass(frozen=True, slots=True)
class Catalogues:
    """A folder of sentences, one file a language."""

    folder: Path

    def of(self, language: str) -> dict[str, Any]:
        """Return the sentences of a language, by section; empty where there is no catalogue."""
        return _read(self.folder / f"{language}.toml")

    def say(self, section: str, name: str, language: str, places: Mapping[str, object]) -> str:
        """Word something, with its places filled. Raises NothingToSay."""
        for tried in (language, FIRST):
            sentence = self.of(tried).get(section, {}).get(name)
            if sentence is not None:
                return str(sentence).format(**places)
        raise NothingToSay(f"no words for {section}.{name}: update this channel")


@cache
def _read(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


SHARED = Catalogues(Path(__file__).parent / "words")


def catalogue(language: str) -> dict[str, Any]:
    """Return the sentences that all channels share, by section."""
    return SHARED.of(language)


@cache
def languages() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in SHARED.folder.glob("*.toml")))


def spoken(tag: str) -> str:
    """Choose the catalogue for a BCP 47 tag: its own or that of its language, else `ja`.

    `ja-x-easy` has its own, `en-GB` is spoken in `en`, and what is unknown in `ja`.
    """
    whole = tag.lower()
    for tried in (whole, whole.partition("-")[0]):
        if tried in languages():
            return tried
    return FIRST


def say(section: str, name: str, language: str = FIRST, **places: object) -> str:
    """Word something, with its places filled. Raises NothingToSay."""
    return SHARED.say(section, name, spoken(language), places)


def refusal(reason: str, language: str = FIRST) -> str:
    """Word a refusal for a resident; reasons that only staff can meet have one general sentence."""
    try:
        return say("reasons", reason, language)
    except NothingToSay:
        return say("reasons", "GENERAL", language)


def is_for_the_resident(error: CoreError) -> bool:
    """Whether the resident can do something about it: not so if the core is away or we are wrong.

    Where this is false the caller must try again, for the resident's wish is not dealt with.
    """
    ours = error.reason in {"", "CALLER_UNKNOWN", "CALLER_NOT_ALLOWED", "TRY_AGAIN"}
    return not (error.passing or ours)


def problem(found: AnswerProblem, language: str = FIRST) -> str:
    """Word why an answer was not taken; one younger than the catalogue is another."""
    if found.text.strip():
        return found.text
    known = catalogue(FIRST)["problems"]
    named = [f"{found.problem}_{detail}" for detail in sorted(found.metadata)]
    name = next((one for one in (*named, found.problem) if one in known), "other")
    said = say("problems", name, language, **{**PLACES, **found.metadata})
    number, _, part = found.field.rpartition(".")
    if f"field_{part}" not in known:
        return said
    field = say("problems", f"field_{part}", language)
    if number.isdigit():
        field = say("problems", "field_of", language, number=int(number) + 1, field=field)
    return say("problems", "in_field", language, field=field, problem=said)


def notice(notice: Notice) -> str:
    """Word a notice. Raises NothingToSay for a kind younger than this catalogue."""
    language = notice.language or FIRST
    try:
        kind = NoticeKind.Name(notice.kind).removeprefix("NOTICE_KIND_")
    except ValueError as unknown:
        raise NothingToSay(f"no words for notice {notice.kind}: update this channel") from unknown
    until = day(notice.until_date, language)
    said = say(
        "notices",
        kind,
        language,
        program=notice.program_title,
        amount=yen(notice.amount, language),
        person=notice.person,
        channel=channel(notice.linked_channel, language),
        until=until,
        cause=_stale(notice.cause, until, language),
    )
    whose = []
    if notice.on_behalf_of:
        whose = [say("notices", "on_behalf_of", language, person=notice.on_behalf_of)]
    return "\n".join([*whose, said, *_particulars(notice, language)])


def _particulars(notice: Notice, language: str) -> Iterator[str]:
    """Word what else a notice tells: account, reason, day and number."""
    if notice.masked_account:
        yield say("notices", "account", language, account=notice.masked_account)
    if notice.reason:
        yield say("notices", "reason", language, reason=notice.reason)
    if notice.program_title and notice.HasField("time"):
        decided = date(notice.time.ToDatetime(JAPAN), language)
        yield say("notices", "time", language, date=decided)
    if notice.reference:
        yield say("notices", "reference", language, reference=notice.reference)


def inbox_title(one: InboxMessage, language: str = FIRST) -> str:
    """Name a message of the inbox: a notice by what it tells, a test as what it is."""
    if one.test:
        return say("notice_titles", "test", language, title=one.title)
    if not one.HasField("notice"):
        return one.title
    known = one.notice.kind in NoticeKind.values()
    kind = NoticeKind.Name(one.notice.kind) if known else "other"
    program = one.notice.program_title
    try:
        name = kind.removeprefix("NOTICE_KIND_")
        return say("notice_titles", name, language, program=program)
    except NothingToSay:
        return say("notice_titles", "other", language)


def inbox_body(one: InboxMessage, language: str = FIRST) -> str:
    """Word a message of the inbox; of a notice younger than this catalogue only its name."""
    if not one.HasField("notice"):
        return one.body
    try:
        return notice(one.notice)
    except NothingToSay:
        return inbox_title(one, language)


def official_code(code: str) -> str:
    """Write an official code as it stands on every message, in two groups."""
    return f"{code[:4]}-{code[4:]}"


def explanation(told: Explanation, language: str = FIRST) -> list[str]:
    """Word whether a resident is entitled: why, of which day the list is, and what to do."""
    lines = [_or_other("eligible", "rule", told.rule, language)]
    if told.list_date:
        lines.append(say("eligible", "listed", language, date=day(told.list_date, language)))
    if amount := told.metadata.get("amount", ""):
        lines.append(say("eligible", "amount", language, amount=yen(int(amount), language)))
    lines.append(_or_other("eligible", "step", told.next_step, language))
    if until := told.metadata.get("filing_ends", ""):
        lines.append(say("eligible", "until", language, date=day(until, language)))
    return lines


def text_in(by_language: Mapping[str, str], language: str = FIRST) -> str:
    """Choose among the texts that the core sends in several languages."""
    for tag in (language, language.partition("-")[0], FIRST):
        if tag in by_language:
            return by_language[tag]
    return next(iter(by_language.values()), "")


def _or_other(section: str, kind: str, name: str, language: str) -> str:
    """Word a key of the core; one that is younger than the catalogue is another."""
    try:
        return say(section, f"{kind}_{name}", language)
    except NothingToSay:
        return say(section, f"{kind}_other", language)


def channel(name: str, language: str = FIRST) -> str:
    """Name a channel as residents do; one without a name of its own is another contact."""
    known = catalogue(FIRST)["channels"]
    return say("channels", name if name in known else "other", language)


def scope(scope: ProxyScope.ValueType, language: str = FIRST) -> str:
    """Say what a proxy may do. Raises NothingToSay for a scope younger than this catalogue."""
    try:
        name = ProxyScope.Name(scope).removeprefix("PROXY_SCOPE_")
    except ValueError as unknown:
        raise NothingToSay(f"no words for scope {scope}: update this channel") from unknown
    return say("proxy_scopes", name, language)


def _stale(cause: StaleCause.ValueType, until: str, language: str) -> str:
    """Say why a registration should be confirmed; empty where nothing is stale."""
    name = StaleCause.Name(cause).removeprefix("STALE_CAUSE_")
    return say("stale", name, language, until=until) if cause else ""


def yen(amount: int, language: str = FIRST) -> str:
    return say("forms", "yen", language, amount=f"{amount:,}")


def date(time: datetime, language: str = FIRST) -> str:
    """Write the day of a time in Japan."""
    day = time.astimezone(JAPAN)
    return say("forms", "date", language, year=day.year, month=day.month, day=day.day)


def day(iso: str, language: str = FIRST) -> str:
    """Write a day given in ISO 8601; empty for none."""
    return date(datetime.fromisoformat(f"{iso}T12:00:00+09:00"), language) if iso else ""


def clock(time: datetime, language: str = FIRST) -> str:
    """Write the hour and minute of a time in Japan."""
    there = time.astimezone(JAPAN)
    return say("forms", "clock", language, hour=there.hour, minute=f"{there.minute:02}")
