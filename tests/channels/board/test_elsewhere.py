"""Every address of the boards from a leader of another association: it is as if it led to nobody's.

The addresses are those of the adapter, so that a new one fails until it has its place here.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from uuid import uuid4

from starlette.routing import Route

from channels.board.app import DESK, MEMBERS, SCREEN, create_app
from tests.channels.board.adapter import Person, some_settings, somebody
from tests.channels.board.scripted import Town as ScriptedTown
from tests.channels.fake_core import FakeCore
from tests.core.associations.makers import Neighbour
from tests.core.associations.scene import NOBODYS, Scene
from tests.core.circulars.everything import everything
from tests.core.circulars.test_every_rpc import kept
from tests.core.messaging.many import lay_in, resident_id
from tests.makers import a_request_id
from tests.town import Town, on_sqlite
from todoke.v1 import circulars_pb2 as pb

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
OWN = {
    "/", "/language", "/join", "/join/{code}", "/joined", "/link", "/link/{code}", "/device",
    "/out", "/associations", "/worker.js",
}  # fmt: skip
"""Addresses that name nothing: each shows what is the visitor's own."""

PUBLIC = {"/{association:uuid}"}
"""What the screen of any association shows to anybody."""

NOT_EVEN_LEADERS = {
    "/associations/{member}/care", "/associations/{member}/leave", "/screen/files/{file}/1",
    "/for/{resident}/", "/for/{resident}/c/{circular}", "/for/{resident}/files/{file}",
    "/for/{resident}/files/{file}/1",
}  # fmt: skip
"""Where a leader is told no more than others: another's membership, a file that no screen shows,
and pages for whom they are no proxy."""

TEXT = {"title": "清掃", "body": "日曜日", "to": "everybody"}
SOME_DAY = {"begin": "2030-04-01", "end": "2031-03-31"}


@dataclass(frozen=True)
class Sent:
    """A form that is sound but for whose things it names; `{...}` names one of them."""

    fields: dict[str, str] = field(default_factory=dict)
    files: bool = False


D = "/desk/{association:uuid}"
C = D + "/c/{circular:uuid}"
FORMS: dict[str, list[Sent]] = {
    "/associations/{member:uuid}/care": [Sent({"consented": "yes"})],
    "/associations/{member:uuid}/leave": [Sent()],
    "/c/{circular:uuid}": [
        Sent({"do": "answer"}),
        Sent({"do": "comment", "comment": "行きます"}),
        Sent({"do": "hide", "comment_id": "{comment}"}),
    ],
    "/for/{resident:uuid}/c/{circular:uuid}": [Sent({"do": "answer"})],
    D + "/new/{kind}": [
        Sent(TEXT, files=True),
        Sent(TEXT | {"file": "{file}"}, files=True),
        Sent(TEXT | {"to": "groups", "group": "{group}"}, files=True),
        Sent(TEXT | {"to": "households", "household": "{household}"}, files=True),
    ],
    C: [Sent({"when": "now", "etag": "0"})],
    C + "/edit": [Sent(TEXT | {"etag": "0"}, files=True)],
    C + "/correct": [Sent(TEXT | {"correction": "直しました", "etag": "0"}, files=True)],
    C + "/withdraw": [Sent({"reason": "誤り", "etag": "0"})],
    C + "/receipts": [Sent()],
    C + "/paper": [Sent({"{household}.read": "yes", "{household}.was": ""})],
    C + "/comments": [Sent({"comment_id": "{comment}"})],
    D + "/forward/{circular:uuid}": [
        Sent({"to": "everybody"}),
        Sent({"to": "groups", "group": "{group}"}),
        Sent({"to": "households", "household": "{household}"}),
    ],
    D + "/joining": [
        Sent({"join_request": "{wish}"}),
        Sent({"join_request": "{wish}", "do": "confirm", "household": "{household}"}),
    ],
    D + "/invite": [
        Sent({"whom": "group:{group}", "days": "7"}),
        Sent({"whom": "household:{household}", "days": "7"}),
    ],
    D + "/households/new": [Sent({"name": "新しい家", "group": "{group}"})],
    D + "/households/{household:uuid}": [
        Sent({"name": "別の家", "etag": "0"}),
        Sent({"do": "end", "reason": "転居", "etag": "0"}),
        Sent({"do": "end_member", "member": "{member}", "why": "転居"}),
    ],
    D + "/groups/new": [Sent({"name": "五班"})],
    D + "/groups/{group:uuid}": [Sent({"name": "別の班", "etag": "0"})],
    D + "/offices": [Sent({"office": "{office}", "end": "2030-04-01", "reason": "辞任"})],
    D + "/offices/new": [
        Sent({"kind": "vice", "member": "{member}", **SOME_DAY}),
        Sent({"kind": "head", "member": "{member}", "group": "{group}", **SOME_DAY}),
    ],
    D + "/handover": [Sent({"chair": "{member}", "etag": "0", **SOME_DAY})],
}

BY_SOMEBODY = {f"{C}/edit": "draft", C: "draft", f"{D}/forward/{{circular:uuid}}": "city"}
"""Pages of circulars in another state than the one that has gone out."""


@dataclass(frozen=True)
class Case:
    """One request, as a pattern of an address and of a form."""

    address: str
    form: Sent | None = None

    def names(self) -> set[str]:
        """The things that it names, but for the association."""
        fields = self.form.fields if self.form else {}
        said = [self.address, *fields, *fields.values()]
        return {one for text in said for one in re.findall(r"\{(\w+)\}", text)} - {"association"}


def cases(*asked: list[Route]) -> Iterator[Case]:
    """Make a case of each address, and of each form that it takes."""
    for routes in asked:
        for route in routes:
            if route.path in OWN | PUBLIC:
                continue
            prefix = "/screen" if routes is SCREEN else ""
            address = prefix + re.sub(r":\w+\}", "}", route.path)
            address = address.replace("{kind}", "notice").replace("{page}", "1")
            circular = BY_SOMEBODY.get(route.path, "circular")
            address = address.replace("{circular}", f"{{{circular}}}")
            if "GET" in (route.methods or ()):
                yield Case(address)
            if "POST" in (route.methods or ()):
                for form in FORMS[route.path]:
                    yield Case(address, form)


def test_each_form_that_is_sent_somewhere_has_its_place() -> None:
    taken = [one for one in [*MEMBERS, *DESK, *SCREEN] if "POST" in (one.methods or ())]

    assert {one.path for one in taken} - OWN == set(FORMS)


def test_no_address_stands_twice() -> None:
    def method(one: Route) -> str:
        return "POST" if "POST" in (one.methods or ()) else "GET"

    for routes in (MEMBERS, DESK, SCREEN):
        named = [(method(one), one.path) for one in routes]
        assert len(named) == len(set(named))


@on_sqlite
async def test_what_is_of_another_association_is_nowhere(a_town: Town, tmp_path: Path) -> None:
    scene, _ = await everything(a_town)
    theirs = await named(a_town, scene)
    nobodys = dict.fromkeys(theirs, NOBODYS)
    own: dict[str, str] = {"association": scene.other.association_id}
    all_cases = list(cases(MEMBERS, DESK, SCREEN))
    differing: list[tuple[Case, dict[str, str]]] = []

    async with the_boards(a_town, scene, tmp_path) as open_browser:
        foreign = await open_browser(scene.other.chair)
        leaders = await open_browser(scene.made.chair)
        before = await a_town.read(kept)
        for case in all_cases:
            # At the own desk, too, what is named is another's.
            for at in ({}, own) if case.names() else ({},):
                found = await told(foreign, case, theirs | at)
                if found != await told(foreign, case, nobodys | at):
                    differing.append((case, at))
        assert differing == []
        assert await a_town.read(kept) == before

        # Whoever leads it is told of what is there: each request gets as far as that.
        blind = {
            case.address
            for case in all_cases
            if await told(leaders, case, theirs) == await told(leaders, case, nobodys)
        }
    assert blind == NOT_EVEN_LEADERS


@on_sqlite
async def test_at_the_desk_of_an_ended_office_nothing_is_shown_or_done(
    a_town: Town, tmp_path: Path
) -> None:
    scene, _ = await everything(a_town)
    ids = await named(a_town, scene)
    taken = []

    async with the_boards(a_town, scene, tmp_path) as open_browser:
        stale = await open_browser(scene.stale)
        before = await a_town.read(kept)
        for case in cases(DESK):
            status, _, said = await told(stale, case, ids)
            if status not in {403, 404, 422} or scene.house.name in said:
                taken.append((case, status))

        assert taken == []
        assert await a_town.read(kept) == before


async def named(town: Town, scene: Scene) -> dict[str, str]:
    """Return the things of an association, by name."""

    who = range(1)
    await town.running.db.write(partial(lay_in, numbers=who, now=town.clock()))
    return scene.ids | {"group": scene.house.group_id, "resident": resident_id(who[0])}


@dataclass(frozen=True)
class Browser:
    """Somebody's browser, with what a form of theirs holds."""

    person: Person
    csrf: str


@asynccontextmanager
async def the_boards(
    town: Town, scene: Scene, folder: Path
) -> AsyncIterator[Callable[[Neighbour], Awaitable[Browser]]]:
    """Open the boards, where each neighbour goes on with a browser of their own."""
    settings = some_settings(folder, town.address)
    token = (await town.channel("board")).token
    settings.core_token_file.write_text(token, encoding="utf-8")
    app = create_app(settings, lambda: town.clock().timestamp())
    async with app.router.lifespan_context(app), AsyncExitStack() as opened:

        async def open_browser(who: Neighbour) -> Browser:
            there = somebody(app, FakeCore(), ScriptedTown())
            person = await opened.enter_async_context(there)
            begin = pb.BeginMemberLinkRequest(
                speaker=who.speaker, member_id=who.member_id, request_id=a_request_id()
            )
            code = (await scene.line.ask(scene.line.circulars.BeginMemberLink, begin)).code
            await person.get(f"/link/{code}")
            await person.send('name="code"', code=code)
            assert person.status == 200, person.page
            return Browser(person, CSRF.findall(await person.get("/device"))[0])

        yield open_browser


async def told(who: Browser, case: Case, ids: dict[str, str]) -> tuple[int, str, str]:
    """Return what a page says, and where it leads, without what is different each time."""
    address = case.address.format_map(ids)
    if case.form is None:
        answer = await who.person.http.get(address, follow_redirects=False)
    else:
        fields = {
            name.format_map(ids): value.format_map(ids) for name, value in case.form.fields.items()
        }
        answer = await who.person.http.post(
            address,
            data=fields | {"csrf": who.csrf, "request_id": str(uuid4())},
            files=[("files", ("", b""))] if case.form.files else None,
            follow_redirects=False,
        )
    said = UUID.sub("ID", answer.text.replace(address, "HERE"))
    return answer.status_code, UUID.sub("ID", answer.headers.get("location", "")), said
