"""The conditions of a segment as a tree: changed by keys, with whom they find beside it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.client import CoreError
from todoke.v1 import campaigns_pb2 as pb
from tui import roles
from tui.conditions import tree
from tui.conditions.known import Known, read_known, read_named
from tui.conditions.tree import Node
from tui.conditions.wording import tree_lines, worded
from tui.desk import Desk
from tui.dialogs.choose import Choose
from tui.listing import Page
from tui.messages import RowsRead
from tui.screens.condition_dialogs import Conditions
from tui.screens.found import found_lines, sample_lines
from tui.screens.segment_dialogs import ask_save
from tui.screens.tree_keys import ON_NODE, TreeKeys
from tui.widgets.live_table import Cell, Column, LiveTable, Toned

PAUSE_SECONDS = 0.4
"""After the last change, before it is counted again."""

ON_GROUP = frozenset({"turn", "ungroup"})
SHOWN = 8
"""Lines of a kept segment in the panel."""

Use = Callable[[pb.Condition], None]


class SegmentScreen(TreeKeys):
    """With `use` it makes the conditions of what is being composed; else those of a segment."""

    SUBJECT = "segment"
    LEAVES = "leave_segment"
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(
        ("add", "save", "use", *ON_NODE), roles.MESSENGERS
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "add", "key.add_condition"),
        Binding("d", "change", "key.change"),
        *TreeKeys.CHANGES,
        Binding("o", "topic", "key.for_topic"),
        Binding("s", "save", "key.save_segment"),
        Binding("e", "use", "key.use_conditions"),
    ]

    def __init__(
        self,
        desk: Desk,
        *,
        segment: pb.Segment | None = None,
        condition: pb.Condition | None = None,
        counted: pb.PreviewSegmentRequest | None = None,
        use: Use | None = None,
    ) -> None:
        super().__init__(desk)
        self._segment = segment or pb.Segment()
        self.condition = condition or (segment.condition if segment is not None else None)
        self._kept = self.condition
        self._counted = counted or pb.PreviewSegmentRequest()
        """For what it is counted: topic, lane and channels."""
        self._use = use
        self._known: Known | None = None
        self._found: pb.SegmentPreview | None = None
        self._refused: CoreError | None = None
        self._unkept: CoreError | None = None
        """Why it was not kept as it stands."""

    def table(self) -> LiveTable[Node]:
        words = self.words
        return LiveTable(
            [Column("", 1), Column(words("column.condition"), 30, grow=1)],
            key=lambda node: "/".join(map(str, node.place)),
            cells=self._cells,
            empty=words("empty.segment"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[Node]:
        """Count whom the tree finds as it stands."""
        del token
        core = self.desk.core
        if self._known is None:
            known = await read_known(self.desk)
            await read_named(self.desk, known, self.condition)
            self._known = known
        self._counted.topic = self._counted.topic or next(iter(self._known.topics), "")
        self._found = self._refused = None
        if self.condition is not None and self._counted.topic:
            self._counted.condition.CopyFrom(self.condition)
            try:
                answer = await core.ask(core.campaigns.PreviewSegment, self._counted)
                self._found = answer.preview
            except CoreError as error:
                if not error.reason:
                    raise
                self._refused = error
        return Page(list(tree.nodes(self.condition)), "")

    def heading(self) -> str:
        if self._known is None:
            return ""
        name = self._segment.name or self.words("segment.of_campaign" if self._use else "none_yet")
        topic = self._known.topics.get(self._counted.topic, "")
        mark = self.words("heading.unsaved") if self.unsaved else ""
        return "  ".join(
            filter(None, (name, self.words("segment.topic", topic=topic) if topic else "", mark))
        )

    @on(RowsRead)
    def show_found(self) -> None:
        words, lines = self.words, []
        if self._fault is not None:
            lines = [str(words.refusal(self._fault))]
        elif self._found is not None:
            lines = [*found_lines(words, self._found), "", *sample_lines(words, self._found)]
        elif self.condition is not None:
            lines = [words("why.no_topic")]
        self.show_beside("\n".join(lines))
        self.refresh_bindings()

    def panel(self, row: Node) -> Content:
        if self._fault is not None and row.place == self._wrong:
            return Content(str(self.words.refusal(self._fault)))
        if self._known is None:
            return Content("")
        said = worded(self.words, self._known, row.condition)
        kept = self._known.segments.get(row.condition.segment_id)
        inside = tree_lines(self.words, self._known, kept.condition if kept is not None else None)
        return Content("\n".join([said, *inside[:SHOWN]]))

    def why_not(self, action: str) -> str | None:
        row, words = self.row, self.words
        if self._known is None and action in self.NEEDS:
            return words("why.not_read")
        against = {
            "no_row": action in ON_NODE and row is None,
            "no_group": action in ON_GROUP and row is not None and not row.is_group,
            "is_group": action == "change" and row is not None and row.is_group,
            "no_conditions": action in {"save", "use"} and self.condition is None,
            "not_composing": action == "use" and self._use is None,
            "nothing_before": action == "undo" and not self.before,
        }
        return next((words(f"why.{name}") for name, holds in against.items() if holds), None)

    @property
    def unsaved(self) -> bool:
        return self.condition != self._kept

    @property
    def _fault(self) -> CoreError | None:
        return self._refused or self._unkept

    @property
    def _wrong(self) -> tree.Place | None:
        """Where the core says that it is wrong."""
        error = self._fault
        if error is None:
            return None
        paths = [error.metadata.get("path", ""), *(one.field for one in error.violations)]
        return next((tree.place_of(path) for path in paths if path), tree.ROOT)

    @work(group="act", exclusive=True)
    async def action_add(self) -> None:
        made = await self._asked(None)
        if made is not None:
            place = self.row.place if self.row is not None else tree.ROOT
            self.put(*tree.added(self.condition, place, made))

    @work(group="act", exclusive=True)
    async def action_change(self) -> None:
        row = self.row
        if row is not None and self.condition is not None:
            made = await self._asked(row.condition)
            if made is not None:
                self.put(tree.replaced(self.condition, row.place, made), row.place)

    async def _asked(self, condition: pb.Condition | None) -> pb.Condition | None:
        if self._known is None:
            return None
        ask = Conditions(self.app, self.desk, self._known, self._segment.segment_id)
        try:
            return await (ask.new() if condition is None else ask.change(condition))
        except CoreError as error:
            self.tell(str(self.words.refusal(error)), severity="error")
            return None

    @work(group="act", exclusive=True)
    async def action_topic(self) -> None:
        """Choose the topic that is counted for: who left it is not told."""
        if self._known is not None:
            labels = [(title, key) for key, title in self._known.topics.items()]
            dialog = Choose(self.words("segment.for_topic"), labels, chosen=self._counted.topic)
            chosen: str | None = await self.app.push_screen_wait(dialog)
            self._counted.topic = chosen or self._counted.topic
            self.touch()

    @work(group="act", exclusive=True)
    async def action_save(self) -> None:
        if self.condition is None or self._known is None:
            return
        ended = await self.ended(ask_save(self.desk, self._segment, self.condition))
        if ended is None or not isinstance(ended.answer, pb.Segment):
            self._unkept = ended.refused if ended is not None else None
            return
        saved = ended.answer
        self._known.segments[saved.segment_id] = saved
        if self._use is None:
            self._segment, self._kept = saved, saved.condition
        self.tell(self.words("done.segment.saved", name=saved.name))
        self.show_heading()

    def action_use(self) -> None:
        if self._use is not None and self.condition is not None:
            self._use(self.condition)
            self.dismiss()

    def show_tree(self, place: tree.Place) -> None:
        """Show the tree at once, and whom it finds after a pause."""
        self._found = self._refused = self._unkept = None
        nodes = list(tree.nodes(self.condition))
        self.live.show(nodes, complete=True)
        self.live.choose(next((at for at, one in enumerate(nodes) if one.place == place), 0))
        self.show_beside(self.words("found.counting"))
        self.show_heading()
        self.count_soon()

    @work(exclusive=True, group="pause")
    async def count_soon(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        self.touch()

    def _cells(self, node: Node) -> Sequence[Cell]:
        is_wrong = node.place == self._wrong
        said = worded(self.words, self._known, node.condition) if self._known is not None else ""
        line = "  " * len(node.place) + said
        return Toned("×" if is_wrong else "", "bad"), Toned(line, "bad") if is_wrong else line
