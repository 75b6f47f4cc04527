"""Replacing, for whoever sees one rich menu, that menu by another: LINE's batch control.

LINE does it in its own time; here it is done at once, and is said to be under way when first asked.
"""

import sqlite3
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from channels.simulators.line import answers, rich_menus
from channels.simulators.line.answers import Answer, Refused, body_has_errors
from channels.simulators.line.checks import Checks
from channels.simulators.line.platform import Call

MOST_OPERATIONS = 1_000
TYPES = ("link", "unlink", "unlinkAll")


async def begin(call: Call) -> Answer:
    checks = Checks()
    operations = checks.sized_list(call.json().get("operations"), "operations", 1, MOST_OPERATIONS)
    for index, operation in enumerate(operations):
        _check(checks, operation, f"operations[{index}]")
    if checks.found:
        raise body_has_errors(checks.found)

    def work(db: sqlite3.Connection) -> None:
        # Of what everybody sees at first: the operations do not follow upon each other.
        links = dict(
            db.execute("SELECT person_id, menu_id FROM rich_menu_links WHERE person_id <> ''")
        )
        for operation in operations:
            if operation["type"] == "link":
                rich_menus.find(db, operation["to"])
            for person, menu_id in links.items():
                if operation["type"] != "unlinkAll" and menu_id != operation["from"]:
                    continue
                if operation["type"] == "link":
                    rich_menus.show(db, person_id=person, menu_id=operation["to"])
                else:
                    db.execute("DELETE FROM rich_menu_links WHERE person_id = ?", (person,))

    await call.platform.store.write(work)
    call.platform.batches[call.request_id] = _now(call), ""
    call.platform.bell.ring_all()
    return Answer(202)


async def progress(call: Call) -> Answer:
    asked = parse_qs(call.query.decode("latin-1")).get("requestId", [""])[0]
    if asked not in call.platform.batches:
        raise Refused(404, answers.NOT_FOUND)
    began, ended = call.platform.batches[asked]
    if not ended:
        call.platform.batches[asked] = began, _now(call)
        return Answer(body={"phase": "ongoing", "acceptedTime": began})
    return Answer(body={"phase": "succeeded", "acceptedTime": began, "completedTime": ended})


def _now(call: Call) -> str:
    time = datetime.fromtimestamp(call.platform.now() / 1_000, UTC)
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _check(checks: Checks, operation: Any, here: str) -> None:
    fields = checks.thing(operation, here)
    if fields is None:
        return
    kind = fields.get("type")
    if kind not in TYPES:
        checks.blame(f"{here}.type", f"Must be one of the following values: [{', '.join(TYPES)}]")
    for name in {"link": ("from", "to"), "unlink": ("from",)}.get(str(kind), ()):
        if not isinstance(fields.get(name), str):
            checks.blame(f"{here}.{name}", "May not be empty")
