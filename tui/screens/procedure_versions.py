"""A procedure version by version, newest first; each can be handed on as a package."""

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import procedures_pb2 as pb
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.procedure_dialogs import ask_export
from tui.widgets.live_table import Cell, Column, LiveTable, Toned


class ProcedureVersionsScreen(Acting, Leaf[pb.ProcedureVersion]):
    SUBJECT = "procedure_versions"
    KINDS: ClassVar[tuple[str, ...]] = ("procedure.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = {"export": roles.AUTHOR}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "export", "key.export_procedure"),
        Binding("d", "source", "key.source"),
    ]

    def __init__(self, desk: Desk, key: str) -> None:
        super().__init__(desk)
        self._key = key

    def table(self) -> LiveTable[pb.ProcedureVersion]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.version"), 6, right=True),
                Column(words("column.from"), 16),
                Column(words("column.until"), 16),
                Column(words("column.origin"), 14),
                Column(words("column.published_by"), 12, grow=1),
            ],
            key=lambda one: str(one.version),
            cells=self._cells,
            empty=words("empty.versions"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.ProcedureVersion]:
        core = self.desk.core
        request = pb.ListProcedureVersionsRequest(key=self._key, page_size=PAGE, page_token=token)
        answer = await core.ask(core.procedures.ListProcedureVersions, request)
        return Page(answer.versions, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.procedure_versions", procedure=self._key)

    def panel(self, row: pb.ProcedureVersion) -> Content:
        return self.facts(
            ("fact.origin", row.origin or self.words("own_procedure")),
            ("fact.published_by", row.author),
            ("fact.published_at", formats.moment(row.publish_time)),
        )

    def why_not(self, action: str) -> str | None:
        without = action in {"export", "source"} and self.row is None
        return self.words("why.no_row") if without else None

    @work(group="act", exclusive=True)
    async def action_export(self) -> None:
        if self.row is None:
            return
        told = await self.ask_for(ask_export(self.desk, self._key, self.row.version))
        if told is not None:
            title = self.words("note.package")
            await self.app.push_screen_wait(Note(self.words, title, told))

    @work(group="act", exclusive=True)
    async def action_source(self) -> None:
        if self.row is None:
            return
        core = self.desk.core
        request = pb.GetProcedureRequest(key=self._key, version=self.row.version)
        got = await core.ask(core.procedures.GetProcedure, request)
        title = self.words("note.source", procedure=self._key, version=self.row.version)
        await self.app.push_screen_wait(Note(self.words, title, got.source))

    def _cells(self, one: pb.ProcedureVersion) -> Sequence[Cell]:
        words = self.words
        until = formats.moment(one.retire_time)
        standing = Toned(until, "quiet") if until else Toned(words("version_standing"), "good")
        return (
            f"v{one.version}",
            f"{formats.day(one.publish_time)} {formats.moment(one.publish_time)[6:]}".strip(),
            standing,
            one.origin or words("own_procedure"),
            one.author,
        )
