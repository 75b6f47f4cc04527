"""The counter: a clerk types a script into the terminal, key by key, and files it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from textual.widgets import Input, OptionList, TextArea

from core.applications.rows import Application
from core.callers import Role
from tests.core.attachments.files import a_photo
from tests.library import Said, Script
from tests.town import Town
from tests.tui.real_core import fill_in, hire, opened, sat_down
from tests.tui.sitting import Sitting
from tui.dialogs.ask import Ask
from tui.dialogs.choose import Choose
from tui.questions.box import Box
from tui.questions.file_field import Held
from tui.screens.walking import WalkScreen

CLERK = "hara"


async def at_the_counter(
    town: Town, folder: Path, script: Script, title: str, *, resident: str = ""
) -> str:
    """Enter what came in, for a resident by name or for nobody that is known; gives its id."""
    photo = folder / "counter.jpg"
    photo.write_bytes(a_photo())
    await hire(town, CLERK, Role.COUNTER, Role.REVIEWER)
    async with sat_down(town, CLERK) as sitting:
        if resident:
            await opened(sitting, name=resident)
        else:
            await sitting.open("3")
        await sitting.press("n")
        await sitting.until(lambda: isinstance(sitting.screen, Choose))
        await sitting.type(title)
        await sitting.until(lambda: sitting.screen.query_one(OptionList).option_count == 1)
        await sitting.press("enter")
        await sitting.until(lambda: isinstance(sitting.screen, Ask))
        await fill_in(sitting, receive_date=town.clock().date().isoformat())
        for said in script.answers:
            await asked(sitting, said.step)
            await answer(sitting, said, photo)
        await sitting.sees("出す前の確認")
        await sitting.press("pagedown", "enter")
        await sitting.until(lambda: "受け付けました" in sitting.toasts)
    query = select(Application.id).where(Application.entered_by != "")
    return await town.read(lambda s: s.scalars(query.order_by(Application.id.desc())).first())


async def asked(sitting: Sitting, step: str) -> None:
    """Wait until this is asked; nothing else comes before it."""

    def is_asked() -> bool:
        boxes = sitting.screen.query(Box)
        return bool(boxes) and boxes.first().prompt.step == step and sitting.app.focused is not None

    await sitting.until(lambda: isinstance(sitting.screen, WalkScreen))
    await sitting.until(is_asked)


async def answer(sitting: Sitting, said: Said, photo: Path) -> None:
    for kind, value in said.given.items():
        await TYPED[kind](sitting, value)
    for number in range(1, said.files + 1):
        await sitting.type(str(photo))
        await sitting.press("enter")
        await sitting.until(lambda: sitting.screen.query_one(Held).option_count == number)  # noqa: B023 - waited for.
    if said.files:
        await sitting.press("enter")


async def line(sitting: Sitting, text: str) -> None:
    """Write over what stands in the field, and press enter."""
    if isinstance(sitting.app.focused, Input):
        await sitting.press("end", "ctrl+u")
        await sitting.type(text)
        await sitting.press("enter")
        return
    assert isinstance(sitting.app.focused, TextArea)
    sitting.app.focused.insert(text)
    await sitting.press("pagedown")


async def is_at(sitting: Sitting, field: str) -> None:
    await sitting.until(lambda: sitting.app.focused and sitting.app.focused.id == f"part-{field}")


def place_of(sitting: Sitting, value: str) -> int:
    """Return the number that stands before a choice."""
    choices = sitting.screen.query_one(Box).prompt.choices
    return [one.value for one in choices].index(value) + 1


async def read(sitting: Sitting, _: object) -> None:
    await sitting.press("enter")


async def choice(sitting: Sitting, value: str) -> None:
    number = place_of(sitting, value)
    await sitting.press(*([str(number)] if number < 10 else ["down"] * (number - 1) + ["enter"]))


async def choices(sitting: Sitting, value: Mapping[str, Any]) -> None:
    at = 1
    for one in value["values"]:
        number = place_of(sitting, one)
        await sitting.press(*["down"] * (number - at), "space")
        at = number
    await sitting.press("enter")


async def number(sitting: Sitting, value: int) -> None:
    await line(sitting, str(value))


async def place(sitting: Sitting, value: Mapping[str, float]) -> None:
    await line(sitting, f"{value['latitude']}, {value['longitude']}")
    await is_at(sitting, "address")
    await sitting.press("enter")


async def address(sitting: Sitting, value: Mapping[str, str]) -> None:
    await sitting.type(value["postal_code"])
    await sitting.press("tab")
    for field in ("area", "rest"):
        await is_at(sitting, field)
        await line(sitting, value[field])


async def account(sitting: Sitting, value: Mapping[str, Any]) -> None:
    """Take bank and branch from what is offered for their numbers; it is an ordinary account."""
    assert value["account_type"] == 1
    await sitting.press("tab")
    for field, after in (("bank", "branch"), ("branch", "account_type")):
        await is_at(sitting, field)
        await sitting.type(value[field])
        await sitting.sees(f" {value[field]}")
        await sitting.press("enter")
        await is_at(sitting, after)
    await sitting.press("tab")
    for field in ("account_number", "holder_kana"):
        await is_at(sitting, field)
        await line(sitting, value[field])


async def members(sitting: Sitting, value: Mapping[str, Any]) -> None:
    people = value["members"]
    for at, person in enumerate(people):
        for field, text in person.items():
            await is_at(sitting, f"members-{at}-{field}")
            await line(sitting, text)
    if sitting.screen.query(f"#part-members-{len(people)}-name"):
        await sitting.press("enter")


async def slot(sitting: Sitting, value: Mapping[str, Any]) -> None:
    await choice(sitting, value["value"])
    if sitting.screen.query("#part-quantity"):
        await is_at(sitting, "quantity")
        await line(sitting, str(value["quantity"]))


async def agreed(sitting: Sitting, _: object) -> None:
    await sitting.press("space", "pagedown")


async def skipped(sitting: Sitting, _: object) -> None:
    await sitting.press("ctrl+o")


async def day(sitting: Sitting, value: str) -> None:
    """Write the day as papers have it: 令和 in short."""
    told = date.fromisoformat(value)
    await line(
        sitting, f"R{told.year - 2018}.{told.month}.{told.day}" if told.year > 2019 else value
    )


TYPED: Mapping[str, Callable[[Sitting, Any], Awaitable[None]]] = {
    "read": read,
    "choice": choice,
    "choices": choices,
    "text": line,
    "number": number,
    "date": day,
    "place": place,
    "address": address,
    "account": account,
    "members": members,
    "slot": slot,
    "agreed": agreed,
    "skipped": skipped,
}
