"""Rich menus: made once, given a picture, shown to all or to one person."""

import json
import re
import sqlite3
from functools import partial
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image, UnidentifiedImageError

from channels.simulators.line import actions, answers, people
from channels.simulators.line.answers import Answer, Refused, body_has_errors
from channels.simulators.line.checks import Checks
from channels.simulators.line.counting import graphemes
from channels.simulators.line.platform import Call

MOST_MENUS = 1_000
MOST_AREAS = 20
MOST_BYTES = 1024 * 1024
WIDTHS = range(800, 2_501)
LEAST_HEIGHT = 250
LEAST_RATIO = 1.45
TYPES = {"image/png": "PNG", "image/jpeg": "JPEG"}
ID = re.compile(r"/richmenu/([^/]+)")
PERSON = re.compile(r"/user/([^/]+)/richmenu")


async def create(call: Call) -> Answer:
    body = call.json()
    checks = Checks()
    _check(checks, body)
    if checks.found:
        raise body_has_errors(checks.found)
    id = f"richmenu-{uuid4().hex}"

    def keep(db: sqlite3.Connection) -> None:
        [count] = db.execute("SELECT count(*) FROM rich_menus").fetchone()
        if count >= MOST_MENUS:
            raise Refused(400, "The maximum number of rich menus has been reached")
        words = json.dumps(body, ensure_ascii=False)
        db.execute("INSERT INTO rich_menus (id, menu) VALUES (?, ?)", (id, words))

    await call.platform.store.write(keep)
    return Answer(body={"richMenuId": id})


async def list_all(call: Call) -> Answer:
    def found(db: sqlite3.Connection) -> list[dict[str, Any]]:
        rows = db.execute("SELECT id, menu FROM rich_menus ORDER BY rowid")
        return [{"richMenuId": id, **json.loads(menu)} for id, menu in rows]

    return Answer(body={"richmenus": await call.platform.store.read(found)})


async def delete(call: Call) -> Answer:
    def gone(db: sqlite3.Connection) -> None:
        find(db, _id(call))
        db.execute("DELETE FROM rich_menu_links WHERE menu_id = ?", (_id(call),))
        db.execute("DELETE FROM rich_menus WHERE id = ?", (_id(call),))

    await call.platform.store.write(gone)
    return Answer()


async def upload(call: Call) -> Answer:
    """Take a menu's picture, once, of the size the menu says."""
    kind = call.headers.get(b"content-type", b"").decode("latin-1").partition(";")[0]
    if kind not in TYPES:
        raise Refused(415, f"The content type, {kind}, is not supported")
    if len(call.body) > MOST_BYTES:
        raise Refused(413, "The picture is larger than 1 MB")
    try:
        with Image.open(BytesIO(call.body), formats=[TYPES[kind]]) as image:
            size = {"width": image.width, "height": image.height}
    except (UnidentifiedImageError, OSError) as wrong:
        raise Refused(400, "The picture cannot be read") from wrong

    def keep(db: sqlite3.Connection) -> None:
        menu, picture = find(db, _id(call))
        if picture is not None:
            raise Refused(400, "An image has already been uploaded to the richmenu")
        if menu["size"] != size:
            raise Refused(400, "The image size does not match the richmenu size")
        db.execute(
            "UPDATE rich_menus SET media_type = ?, picture = ? WHERE id = ?",
            (kind, call.body, _id(call)),
        )

    await call.platform.store.write(keep)
    return Answer()


async def download(call: Call) -> Answer:
    found = await call.platform.store.read(partial(picture_of, id=_id(call)))
    if found is None:
        raise Refused(404, answers.NOT_FOUND)
    return Answer(media_type=found[0], raw=found[1])


async def make_default(call: Call) -> Answer:
    await call.platform.store.write(partial(show, person_id="", menu_id=_id(call)))
    call.platform.bell.ring_all()
    return Answer()


async def link(call: Call) -> Answer:
    await call.platform.store.write(partial(show, person_id=_person(call), menu_id=_id(call)))
    call.platform.bell.ring(_person(call))
    return Answer()


async def unlink(call: Call) -> Answer:
    def gone(db: sqlite3.Connection) -> None:
        people_known(db, _person(call))
        db.execute("DELETE FROM rich_menu_links WHERE person_id = ?", (_person(call),))

    await call.platform.store.write(gone)
    call.platform.bell.ring(_person(call))
    return Answer()


def menu_of(db: sqlite3.Connection, person_id: str) -> dict[str, Any] | None:
    """Return the menu that a person sees: their own, else the default; None where there is none."""
    row = db.execute(
        "SELECT id, menu FROM rich_menu_links JOIN rich_menus ON id = menu_id"
        " WHERE person_id IN (?, '') ORDER BY person_id DESC LIMIT 1",
        (person_id,),
    ).fetchone()
    return {"richMenuId": row[0], **json.loads(row[1])} if row else None


def picture_of(db: sqlite3.Connection, id: str) -> tuple[str, bytes] | None:
    row = db.execute(
        "SELECT media_type, picture FROM rich_menus WHERE id = ? AND picture IS NOT NULL", (id,)
    ).fetchone()
    return (str(row[0]), bytes(row[1])) if row else None


def people_known(db: sqlite3.Connection, person_id: str) -> None:
    try:
        people.get(db, id=person_id)
    except people.NoSuchPerson as wrong:
        raise Refused(404, answers.NOT_FOUND) from wrong


def show(db: sqlite3.Connection, person_id: str, menu_id: str) -> None:
    """Show a menu to a person, or to everybody where the id is empty."""
    _, picture = find(db, menu_id)
    if picture is None:
        raise Refused(400, "must upload richmenu image before applying it to user")
    if person_id:
        people_known(db, person_id)
    db.execute(
        "INSERT OR REPLACE INTO rich_menu_links (person_id, menu_id) VALUES (?, ?)",
        (person_id, menu_id),
    )


def find(db: sqlite3.Connection, id: str) -> tuple[dict[str, Any], bytes | None]:
    """Return a menu and its picture; raises Refused where there is none."""
    row = db.execute("SELECT menu, picture FROM rich_menus WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise Refused(404, "Richmenu not found")
    return json.loads(row[0]), row[1]


def _check(checks: Checks, menu: dict[str, Any]) -> None:
    checks.text(menu, "name", "", 300, count=graphemes)
    checks.text(menu, "chatBarText", "", 14, count=graphemes)
    if not isinstance(menu.get("selected"), bool):
        checks.blame("selected", "Must be a boolean")
    size = checks.thing(menu.get("size"), "size") or {}
    width, height = size.get("width"), size.get("height")
    if not isinstance(width, int) or width not in WIDTHS:
        checks.blame("size.width", f"Must be between {WIDTHS[0]} and {WIDTHS[-1]}")
    elif not isinstance(height, int) or height < LEAST_HEIGHT or width / height < LEAST_RATIO:
        checks.blame("size.height", "The ratio of width to height must be at least 1.45")
    for index, area in enumerate(checks.sized_list(menu.get("areas"), "areas", 0, MOST_AREAS)):
        here = f"areas[{index}]"
        fields = checks.thing(area, here)
        if fields is None:
            continue
        bounds = checks.thing(fields.get("bounds"), f"{here}.bounds") or {}
        for name in ("x", "y", "width", "height"):
            if not isinstance(bounds.get(name), int) or bounds[name] < 0:
                checks.blame(f"{here}.bounds.{name}", "Must be a whole number from 0")
        actions.check(checks, fields.get("action"), f"{here}.action", actions.RICH_MENU)


def _id(call: Call) -> str:
    found = ID.search(call.path)
    return found[1] if found else ""


def _person(call: Call) -> str:
    found = PERSON.search(call.path)
    return found[1] if found else ""
