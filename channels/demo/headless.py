"""`todoke demo --headless`: the whole line with scripted people, and whether everything holds."""

import asyncio
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from channels.demo import (
    association_checks,
    checks,
    identity,
    neighbours,
    open_checks,
    open_plan,
    stage,
)
from channels.demo.association import Association
from channels.demo.checks import Check
from channels.demo.folder import Folder, write_json
from channels.demo.offering import Offering
from channels.demo.plan import Plan, cast
from channels.demo.stage import Stage, Wish
from channels.demo.story import Found, Story
from channels.demo.teller import Teller
from channels.demo.wording import Words


async def run(
    folder: Folder, wish: Wish, words: Words, console: Console, *, deadline: float
) -> bool:
    """Play, check, and tell; return whether every expectation holds. Raises TimeoutError."""
    registered = wish.registered + identity.PEOPLE + open_plan.PEOPLE + neighbours.PEOPLE
    households = max(wish.households, registered)
    more = Wish(households, registered, wish.seed, wish.database)
    teller = Teller(console, words, folder.progress)
    with teller.telling():
        async with (
            asyncio.timeout(deadline),
            stage.setting(folder, more, teller, words) as here,
        ):
            plan, found = await _play(here)
            restarts = here.processes.restarts()
    checked = [
        *checks.all_of(plan, found),
        *open_checks.all_of(found),
        *association_checks.all_of(found),
    ]
    _tell_steps(teller, words, console)
    _tell_totals(found, restarts, words, console)
    _tell_checks(checked, words, console)
    write_json(
        folder.root / "report.json",
        {
            "steps": [asdict(step) for step in teller.told],
            "restarts": restarts,
            "checks": [{**_plain(check), "holds": check.holds} for check in checked],
        },
    )
    return all(check.holds for check in checked)


async def _play(here: Stage) -> tuple[Plan, Found]:
    """Cast the parts, each resident in one, and play."""
    whole = cast(here.city)
    newcomers = identity.cast(whole.roles)
    rest = whole.without(newcomers.all)
    applicants = open_plan.cast(rest.roles)
    others = rest.without(applicants.registrants)
    block = neighbours.cast(others.roles)
    plan = others.without(block.all)
    story = Story(here, plan, newcomers)
    return plan, await story.play(Offering(here, applicants), Association(here, block))


def _plain(check: Check) -> dict[str, str]:
    return {
        "name": check.name,
        "expected": str(check.expected),
        "found": str(check.found),
    }


def _tell_steps(teller: Teller, words: Words, console: Console) -> None:
    table = Table(words("table", "step"), title=words("table", "title"))
    table.add_column(words("table", "count"), justify="right")
    table.add_column(words("table", "seconds"), justify="right")
    for step in teller.told:
        count = "" if step.count is None else f"{step.count:,}"
        table.add_row(words("steps", step.name), count, f"{step.seconds:.2f}")
    table.add_section()
    total = sum(step.seconds for step in teller.told)
    table.add_row(words("table", "total"), "", f"{total:.2f}")
    console.print(table)


def _tell_totals(found: Found, restarts: dict[str, int], words: Words, console: Console) -> None:
    files = (found.exported, found.offered.exported)
    for batch in (one.batch for one in files):
        console.print(
            words(
                "result",
                "paid",
                program=batch.program_title,
                lines=f"{batch.lines:,}",
                total=f"{batch.total:,}",
            )
        )
    console.print(words("result", "day", day=found.exported.batch.transfer_date))
    console.print(words("result", "audit", events=f"{found.audit.events:,}"))
    for name, number in restarts.items():
        if number:
            console.print(words("result", "restarted", part=name, number=number))
    # Not wrapped, so that it can be copied.
    for one in files:
        console.print(words("result", "file", path=one.path), soft_wrap=True)


def _tell_checks(checked: list[Check], words: Words, console: Console) -> None:
    failed = [check for check in checked if not check.holds]
    for check in failed:
        name = words("checks", check.name)
        console.print(
            words("result", "failed", name=name, expected=check.expected, found=check.found),
            style="bold red",
            markup=False,
            soft_wrap=True,
        )
    if failed:
        console.print(words("result", "some_failed", failed=len(failed), all=len(checked)))
    else:
        console.print(words("result", "all_hold", all=len(checked)), style="bold green")
