"""What a city might know: the context of previews and recorded conversations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.procedures import known
from core.procedures.definition import HELD, RESIDENT, Context
from core.procedures.expressions import EMPTY, Kind

NUMBERS = {"age", "amount", "household_size"}
TRUTHS = {"registered"}
TAKEN = "taken."
"""Begins the name of how many of a slot others have taken: "taken.<step>.<slot>"."""


class AssumedWrong(ValueError):  # noqa: N818 - named for what is wrong.
    """What is assumed is nothing that a city knows: its name, and what is wrong."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed of the resident, the program, today and the slots, in plain values."""

    today: str
    resident: Mapping[str, Any]
    held: Mapping[str, Any]
    taken: Mapping[tuple[str, str], int]

    def context(self, language: str) -> Context:
        """Return it as the engine sees it, in a language."""
        today = _day("today", self.today)
        resident = {**_empty(RESIDENT), **_whole(self.resident, RESIDENT, "resident")}
        if self.resident:
            resident["registered"] = self.resident.get("registered", True)
        if (born := resident["birth_date"]) and "age" not in self.resident:
            resident["age"] = known.age(_day("resident.birth_date", born), today)
        if born:
            resident["birth_date"] = _day("resident.birth_date", born).isoformat()
        held = {**_empty(HELD), **_whole(self.held, HELD, "held")}
        return known.context(
            today, resident=resident, held=held, language=language, taken=self.taken
        )


def of_strings(given: Mapping[str, str], today: date) -> Assumed:
    """Read what is given by name as text, such as {"name": "山田", "age": "70"}.

    Raises AssumedWrong.
    """
    resident: dict[str, Any] = {}
    held: dict[str, Any] = {}
    taken: dict[tuple[str, str], int] = {}
    for name, text in given.items():
        if name == "today":
            today = _day(name, text)
        elif name in RESIDENT:
            resident[name] = _value(name, text)
        elif name in HELD:
            held[name] = _value(name, text)
        elif name.startswith(TAKEN) and name.count(".") == 2:
            _, step, slot = name.split(".")
            taken[step, slot] = _number(name, text)
        else:
            known = ", ".join(["today", *sorted(RESIDENT | HELD), f"{TAKEN}<step>.<slot>"])
            raise AssumedWrong(name, f"is none of {known}")
    return Assumed(today.isoformat(), resident, held, taken)


def _whole(given: Mapping[str, Any], has: set[str], whose: str) -> dict[str, Any]:
    for name, value in given.items():
        if name not in has:
            raise AssumedWrong(f"{whose}.{name}", f"is none of {', '.join(sorted(has))}")
        if type(value) is not type(EMPTY[_kind(name)]):
            raise AssumedWrong(f"{whose}.{name}", f"is no {_kind(name).name.lower()}")
    return dict(given)


def _empty(names: set[str]) -> dict[str, Any]:
    return {name: EMPTY[_kind(name)] for name in names}


def _kind(name: str) -> Kind:
    return Kind.NUMBER if name in NUMBERS else Kind.TRUTH if name in TRUTHS else Kind.TEXT


def _value(name: str, text: str) -> Any:
    if name in NUMBERS:
        return _number(name, text)
    if name in TRUTHS:
        if text not in {"true", "false"}:
            raise AssumedWrong(name, "is neither true nor false")
        return text == "true"
    return text


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise AssumedWrong(name, "is no whole number")
    return int(text)


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AssumedWrong(name, "is no day as 2026-04-01") from None
