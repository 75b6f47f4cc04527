"""Answers of a script as the web's forms carry them, without any browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.channels.web.adapter import Browser
from tests.core.attachments.files import a_photo
from tests.library import Said

PHOTO = a_photo()


@dataclass
class Forms:
    """Whoever reads pages by their forms alone."""

    browser: Browser

    @property
    def where(self) -> str:
        return self.browser.where if self.browser.page else ""

    async def open(self, address: str) -> None:
        await self.browser.get(address)

    async def press(self) -> None:
        await self.browser.send(self.browser.where)

    async def fill_in(self, said: Said) -> None:
        """Answer the question of the page, with photographs where the script has them."""
        browser, fields = self.browser, fields_of(said.given)
        if not said.files:
            await browser.send(browser.where, **fields)
            return
        action = f"{browser.where}/files"
        photos = [("new", (f"{number}.jpg", PHOTO)) for number in range(said.files)]
        hidden = browser.hidden(action)
        await browser.took(await browser.http.post(action, data={**hidden, **fields}, files=photos))


def fields_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an answer's form by its kind."""
    return {name: one for kind, value in given.items() for name, one in FILLED[kind](value).items()}


def _day(prefix: str, day: str) -> dict[str, str]:
    told = date.fromisoformat(day)
    return {
        f"{prefix}era": "western",
        f"{prefix}year": str(told.year),
        f"{prefix}month": str(told.month),
        f"{prefix}day": str(told.day),
    }


def _members(people: list[dict[str, str]]) -> dict[str, str]:
    fields = {"rows": str(len(people))}
    for number, person in enumerate(people):
        at = f"members.{number}."
        for name, value in person.items():
            fields |= (
                _day(f"{at}birth_date_", value) if name == "birth_date" else {at + name: value}
            )
    return fields


FILLED: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "read": lambda _: {},
    "choice": lambda value: {"answer": value},
    "text": lambda value: {"answer": value},
    "number": lambda value: {"answer": str(value)},
    "choices": lambda value: {"answer": value["values"]},
    "date": lambda value: _day("", value),
    "place": lambda value: {name: str(one) for name, one in value.items()},
    "address": dict,
    "account": lambda value: {"where": "bank", **{name: str(one) for name, one in value.items()}},
    "members": lambda value: _members(value["members"]),
    "slot": lambda value: {"answer": value["value"], "quantity": str(value["quantity"])},
    "agreed": lambda _: {"agreed": "yes"},
    "skipped": lambda _: {"skip": "yes"},
}
