"""What the city knows, in plain values, as the engine sees it: whoever it was told by."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.procedures.definition import Context


def context(
    today: date,
    *,
    resident: Mapping[str, Any],
    held: Mapping[str, Any],
    language: str,
    taken: Mapping[tuple[str, str], int],
) -> Context:
    """Return what `resident` and `held` say, each with all its names; days of them are text.

    What blocks show is worded here, and what fills a text is worded by the text.
    """
    born = resident["birth_date"]
    names = {"name": resident["name"], "address": resident["address"]}
    filling = {
        **held,
        **names,
        "today": today,
        "birth_date": date.fromisoformat(born) if born else "",
    }
    shown = {name: str(value) for name, value in {**held, **names}.items() if value}
    shown["birth_date"] = born
    if held["amount"]:
        shown["amount"] = yen(held["amount"], language)
    return Context(today, resident, held, shown, filling, taken)


def age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def yen(amount: int, language: str) -> str:
    # As the words around it: English where they are, else Japanese, which every text falls back to.
    return f"¥{amount:,}" if language.startswith("en") else f"{amount:,}円"
