"""Procedures: what is in force, what is being written, and how it is handed from town to town."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import procedures_pb2 as pb
from tui import formats, roles
from tui.dialogs.conflicts import DecideConflicts
from tui.dialogs.note import Note
from tui.listing import Page
from tui.screens.acting import Acting
from tui.screens.authoring import AuthoringScreen
from tui.screens.list_screen import ListScreen
from tui.screens.procedure_dialogs import (
    Incoming,
    Taken,
    ask_export,
    ask_import,
    ask_new,
    ask_publish,
    ask_retire,
    take_in,
)
from tui.screens.procedure_versions import ProcedureVersionsScreen
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

LOOK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Known:
    """A procedure by key: the one in force, its draft, the version that waits for its time."""

    key: str
    procedure: pb.Procedure | None = None
    draft: pb.Draft | None = None
    waiting: pb.ProcedureVersion | None = None
    """Published, and next to be in force."""

    @property
    def title(self) -> str:
        return self.procedure.title.by_language.get("ja", "") if self.procedure else ""


class ProceduresScreen(Acting, ListScreen[Known]):
    SUBJECT = "procedures"
    KINDS: ClassVar[tuple[str, ...]] = ("procedure.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("create", "open", "import_it", "export", "publish", "retire"), roles.AUTHOR
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "open", "key.open_draft"),
        Binding("n", "create", "key.create"),
        Binding("p", "publish", "key.publish"),
        Binding("l", "versions", "key.versions"),
        Binding("i", "import_it", "key.import_procedure"),
        Binding("e", "export", "key.export_procedure"),
        Binding("z", "retire", "key.retire"),
    ]

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        """Look again while a version waits: no event tells that its time has come."""
        if any(one.waiting is not None for one in self.listing.rows):
            self.touch()

    def table(self) -> LiveTable[Known]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.key"), 20, grow=1),
                Column(words("column.procedure"), 20, grow=2),
                Column(words("column.version"), 6, right=True),
                Column(words("column.decided_by"), 8),
                Column(words("column.draft"), 18),
            ],
            key=lambda one: one.key,
            cells=self._cells,
            empty=words("empty.procedures"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Known]:
        del token  # There is one page: a town has few procedures.
        core = self.desk.core
        listed = await core.ask(core.procedures.ListProcedures, pb.ListProceduresRequest())
        return Page(list(known_of(listed)), "")

    def heading(self) -> str:
        drafts = sum(one.draft is not None for one in self.listing.rows)
        in_force = len(self.listing.rows) - sum(one.procedure is None for one in self.listing.rows)
        return self.words("heading.procedures", in_force=in_force, drafts=drafts)

    def panel(self, row: Known) -> Content:
        words, lines = self.words, []
        if row.procedure is not None:
            one = row.procedure
            lines.append(Content(formats.plain(one.about.by_language.get("ja", ""))))
            audience = pb.ProcedureAudience.Name(one.audience)
            lines.append(
                self.facts(
                    ("fact.audience", words(f"audience.{audience}")),
                    ("fact.steps", len(one.steps)),
                    ("fact.languages", words("comma").join(one.languages)),
                    ("fact.once", words("yes" if one.once else "no")),
                    ("fact.pays", words("yes" if one.pays else "no")),
                )
            )
        if row.waiting is not None:
            time = formats.moment(row.waiting.publish_time)
            told = words("to_come", version=row.waiting.version, time=time)
            lines.append(self.facts(("fact.to_come", told)))
        if row.draft is not None:
            lines.append(
                self.facts(
                    ("fact.draft_author", row.draft.author),
                    ("fact.saved_at", formats.moment(row.draft.save_time)),
                )
            )
        return Content("\n").join(line for line in lines if line)

    def why_not(self, action: str) -> str | None:
        if action not in {"open", "publish", "versions", "export", "retire"}:
            return None
        row = self.row
        if row is None:
            return self.words("why.no_row")
        against = {
            "no_draft": action == "publish" and row.draft is None,
            "not_in_force": action in {"export", "retire"} and row.procedure is None,
            "no_version": action == "versions" and not (row.procedure or row.waiting),
        }
        return next((self.words(f"why.{name}") for name, holds in against.items() if holds), None)

    def action_open(self) -> None:
        if self.row is not None:
            self.app.push_screen(AuthoringScreen(self.desk, self.row.key))

    def action_versions(self) -> None:
        if self.row is not None:
            self.app.push_screen(ProcedureVersionsScreen(self.desk, self.row.key))

    @work(group="act", exclusive=True)
    async def action_create(self) -> None:
        ended = await self.ended(ask_new(self.desk))
        if ended is not None and isinstance(ended.answer, pb.Draft):
            self.app.push_screen(AuthoringScreen(self.desk, ended.answer.key))

    @work(group="act", exclusive=True)
    async def action_publish(self) -> None:
        if self.row is not None and self.row.draft is not None:
            await self.ask_for(ask_publish(self.desk, self.row.draft), "procedure.published")

    @work(group="act", exclusive=True)
    async def action_retire(self) -> None:
        if self.row is not None:
            ask = ask_retire(self.desk, self.row.key, self.row.title)
            await self.ask_for(ask, "procedure.retired")

    @work(group="act", exclusive=True)
    async def action_export(self) -> None:
        if self.row is None or self.row.procedure is None:
            return
        told = await self.ask_for(ask_export(self.desk, self.row.key, self.row.procedure.version))
        if told is not None:
            title = self.words("note.package")
            await self.app.push_screen_wait(Note(self.words, title, told))

    @work(group="act", exclusive=True)
    async def action_import_it(self) -> None:
        drafts = [one.draft for one in self.listing.rows if one.draft is not None]
        ended = await self.ended(ask_import(self.desk, drafts))
        taken = ended.answer if ended is not None else None
        if isinstance(taken, Incoming):
            taken = await self._decided(taken)
        if isinstance(taken, Taken):
            title = self.words("note.imported")
            await self.app.push_screen_wait(Note(self.words, title, taken.told))
            self.app.push_screen(AuthoringScreen(self.desk, taken.key))

    async def _decided(self, incoming: Incoming) -> Taken | None:
        """Ask whose text stands wherever both towns changed it, then take the package in."""
        theirs: list[str] | None = []
        if incoming.compared.conflicts:
            dialog = DecideConflicts(self.words, incoming.compared.conflicts)
            theirs = await self.app.push_screen_wait(dialog)
        if theirs is None:
            return None
        try:
            return await take_in(self.desk, incoming, theirs)
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None
        finally:
            self.touch()

    def _cells(self, one: Known) -> Sequence[Cell]:
        words, draft = self.words, one.draft
        version = f"v{one.procedure.version}" if one.procedure else words("none_yet")
        if one.waiting is not None:
            version = f"{version} ◷"
        decided = ""
        if one.procedure is not None:
            decided = words("decided_by.staff" if one.procedure.decided else "decided_by.nobody")
        saved = f"{formats.moment(draft.save_time)} {draft.author}" if draft else ""
        return one.key, one.title, version, decided, Toned(saved, "warn" if draft else "")


def known_of(listed: pb.ListProceduresResponse) -> Iterator[Known]:
    """Put what is in force and what is being written together, by key."""
    in_force = {one.key: one for one in listed.procedures}
    drafts = {one.key: one for one in listed.drafts}
    waiting: dict[str, pb.ProcedureVersion] = {}
    for one in sorted(listed.waiting, key=lambda one: one.publish_time.ToNanoseconds()):
        waiting.setdefault(one.key, one)
    for key in sorted(in_force.keys() | drafts.keys() | waiting.keys()):
        yield Known(key, in_force.get(key), drafts.get(key), waiting.get(key))
