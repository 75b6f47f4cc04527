"""A resident: facts and how sure they are, ways to reach them, who acts for them."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from todoke.v1 import residents_pb2 as pb
from todoke.v1.access_pb2 import BeginContactLinkResponse
from todoke.v1.proxies_pb2 import ListProxiesRequest, OfferProxyResponse, Proxy
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.code import CodeDialog
from tui.dialogs.note import Note
from tui.listing import Page
from tui.messages import Happened, RowsRead
from tui.screens import resident_dialogs as dialogs
from tui.screens.leaf import Leaf
from tui.screens.list_screen import LOOKS
from tui.screens.resident_facts import (
    facts,
    name_of,
    proxy_end,
    scopes_of,
    spaced,
    standing,
)
from tui.screens.resident_history import HistoryScreen
from tui.screens.resident_records import RecordKeys
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

Way = pb.Contact | Proxy
"""A row: a contact of the resident, or a proxy of theirs, in either direction."""

AT_COUNTER = (
    "enter",
    "link_code",
    "offer_proxy",
    "take_off",
    "record",
    "export",
    "withdraw",
    "close_it",
    "delete",
)
NOT_WHEN_CLOSED = frozenset({"enter", "link_code", "offer_proxy"})


class ResidentScreen(RecordKeys, Leaf[Way]):
    """Every reading is a look that the audit log records, so that only what concerns them reads."""

    SUBJECT = "resident"
    NEEDS: ClassVar[dict[str, roles.Roles]] = {
        **dict.fromkeys(AT_COUNTER, roles.COUNTER),
        "history": roles.PEOPLE,
        "why": roles.PEOPLE,
        "suppress": roles.PEOPLE,
        "clear": roles.PROTECTION,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "enter", "key.enter"),
        Binding("l", "link_code", "key.link_code"),
        Binding("p", "offer_proxy", "key.offer_proxy"),
        Binding("x", "take_off", "key.take_off"),
        Binding("h", "history", "key.history"),
        Binding("o", "record", "key.record"),
        Binding("e", "export", "key.export_record"),
        Binding("c", "withdraw", "key.withdraw"),
        Binding("v", "why", "key.why"),
        Binding("w", "suppress", "key.suppress"),
        Binding("y", "clear", "key.clear"),
        Binding("z", "close_it", "key.close"),
        Binding("delete", "delete", "key.delete"),
    ]

    def __init__(self, desk: Desk, resident_id: str) -> None:
        super().__init__(desk)
        self._resident_id = resident_id
        self.resident = None
        self.gone = False

    def compose_body(self) -> ComposeResult:
        yield Static(id="standing")
        yield Static(id="facts")
        yield from super().compose_body()

    def table(self) -> LiveTable[Way]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.way"), 12),
                Column(words("column.who"), 14, grow=1),
                Column(words("column.state_or_scope"), 14, grow=2),
                Column(words("column.last"), 17),
            ],
            key=_key,
            cells=self._cells,
            empty=words("empty.ways"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Way]:
        del token  # There is one page: contacts and proxies are few.
        core = self.desk.core
        request = pb.GetResidentRequest(resident_id=self._resident_id)
        resident = (await core.ask(core.residents.GetResident, request)).resident
        listed = await core.ask(
            core.proxies.ListProxies,
            ListProxiesRequest(resident=dialogs.named(resident), with_ended=True),
        )
        self.resident = resident
        return Page([*resident.contacts, *listed.proxies], "")

    @on(RowsRead)
    def show_resident(self) -> None:
        if self.resident is None:
            return
        text = standing(self.words, self.resident)
        self.query_one("#standing", Static).update(text)
        self.query_one("#standing", Static).display = bool(text)
        self.query_one("#facts", Static).update(facts(self.words, self.resident))
        self.refresh_bindings()

    def heading(self) -> str:
        if self.resident is None:
            return ""
        return self.words("heading.resident", name=name_of(self.resident.basic_four))

    @on(Happened)
    def read_what_concerns(self, message: Happened) -> None:
        mine = {self._resident_id, *(_key(way) for way in self.listing.rows)}
        if any(
            mine & {event.subject, event.on_behalf_of} and not event.kind.endswith(LOOKS)
            for event in message.events
        ):
            self.touch()

    def panel(self, row: Way) -> Content:
        if isinstance(row, pb.Contact):
            return self.facts(
                ("fact.contact", formats.plain(row.external_id)),
                ("fact.channel", self.words.channel(row.channel)),
                ("fact.seen_at", formats.moment(row.seen_time)),
            )
        return Content("\n").join(
            [
                self.facts(
                    ("fact.acted_for", spaced(row.resident_name)),
                    ("fact.proxy", spaced(row.proxy_name)),
                ),
                self.facts(
                    ("fact.scopes", scopes_of(self.words, row.scopes)),
                    ("fact.agreed_at", formats.day(row.create_time)),
                    ("fact.last_day", row.expire_date),
                ),
            ]
        )

    def why_not(self, action: str) -> str | None:
        if action not in self.NEEDS:
            return None
        resident, row = self.resident, self.row
        if resident is None:
            return self.words("why.not_read")
        closed = bool(resident.closing_cause)
        against = {
            "no_row": action == "take_off" and row is None,
            "proxy_ended": action == "take_off"
            and isinstance(row, Proxy)
            and row.HasField("end_time"),
            "suppressed_already": action == "suppress" and resident.suppressed,
            "not_suppressed": action == "clear" and not resident.suppressed,
            "closed_already": action == "close_it" and closed,
            "resident_closed": action in NOT_WHEN_CLOSED and closed,
        }
        return next((self.words(f"why.{name}") for name, holds in against.items() if holds), None)

    @work(group="act", exclusive=True)
    async def action_link_code(self) -> None:
        if self.resident is None:
            return
        ended = await self.ended(dialogs.ask_link_code(self.desk, self.resident))
        if ended is not None and isinstance(ended.answer, BeginContactLinkResponse):
            await self._hand_over("link", ended.answer)

    @work(group="act", exclusive=True)
    async def action_offer_proxy(self) -> None:
        if self.resident is None:
            return
        ended = await self.ended(dialogs.ask_offer_proxy(self.desk, self.resident))
        if ended is not None and isinstance(ended.answer, OfferProxyResponse):
            await self._hand_over("proxy", ended.answer)

    @work(group="act", exclusive=True)
    async def action_take_off(self) -> None:
        row, resident = self.row, self.resident
        if resident is None or row is None:
            return
        if isinstance(row, pb.Contact):
            await self.ask_for(dialogs.ask_unlink(self.desk, resident, row), "contact.unlinked")
        else:
            await self.ask_for(dialogs.ask_end_proxy(self.desk, resident, row), "proxy.ended")

    @work(group="act", exclusive=True)
    async def action_suppress(self) -> None:
        if self.resident is not None:
            ask = dialogs.ask_suppress(self.desk, self.resident)
            await self.ask_for(ask, "resident.suppressed")

    @work(group="act", exclusive=True)
    async def action_clear(self) -> None:
        if self.resident is not None:
            await self.ask_for(dialogs.ask_clear(self.desk, self.resident), "resident.cleared")

    @work(group="act", exclusive=True)
    async def action_close_it(self) -> None:
        if self.resident is not None:
            await self.ask_for(dialogs.ask_close(self.desk, self.resident), "resident.closed")

    @work(group="act", exclusive=True)
    async def action_delete(self) -> None:
        if self.resident is None:
            return
        ended = await self.app.push_screen_wait(dialogs.ask_delete(self.desk, self.resident))
        if ended is None:
            return
        if ended.refused is not None:
            self.tell(str(self.words.refusal(ended.refused)), severity="error")
            self.touch()
            return
        self.gone = True
        title = self.words("note.deleted")
        await self.app.push_screen_wait(Note(self.words, title, str(ended.answer)))
        self.dismiss()

    def action_history(self) -> None:
        if self.resident is not None:
            self.app.push_screen(HistoryScreen(self.desk, self.resident))

    async def _hand_over(
        self, what: str, answer: BeginContactLinkResponse | OfferProxyResponse
    ) -> None:
        if self.resident is None:
            return
        name = name_of(self.resident.basic_four)
        dialog = CodeDialog(self.words, what, name=name, code=answer.code, end=answer.expire_time)
        await self.app.push_screen_wait(dialog)

    def _cells(self, way: Way) -> Sequence[Cell]:
        words = self.words
        if isinstance(way, pb.Contact):
            lost = way.state == pb.CONTACT_STATE_LOST
            seen = formats.moment(way.seen_time)
            return (
                words("way.contact"),
                words.channel(way.channel),
                Toned(
                    words(f"state.{pb.ContactState.Name(way.state)}"), "warn" if lost else "good"
                ),
                words("way.seen", time=seen) if seen else "",
            )
        for_me = way.resident_id == self._resident_id
        ended = way.HasField("end_time")
        return (
            words("way.proxy" if for_me else "way.acts_for"),
            spaced(way.proxy_name if for_me else way.resident_name),
            scopes_of(words, way.scopes),
            Toned(proxy_end(words, way), "quiet" if ended else ""),
        )


def _key(way: Way) -> str:
    return way.contact_id if isinstance(way, pb.Contact) else way.proxy_id
