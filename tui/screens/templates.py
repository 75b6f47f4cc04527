"""The kept texts that messages, or answers, begin from: by name, changed and made."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.procedures_pb2 import Text
from tui import formats, roles
from tui.desk import Desk, request_id
from tui.dialogs.ask import Answers, Ask, Field
from tui.listing import Page
from tui.phone import said
from tui.screens.acting import Acting
from tui.screens.deleting import ask_delete_template
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.template_dialogs import NAME
from tui.screens.writing import WritingScreen
from tui.screens.writing_parts import Part, written_in
from tui.widgets.live_table import Cell, Column, LiveTable

MESSAGE, ANSWER = pb.TEMPLATE_USE_MESSAGE, pb.TEMPLATE_USE_ANSWER
LONGEST = 5_000
SHOWN = 8
"""Lines of a text in the panel."""


class TemplatesScreen(Acting, Leaf[pb.MessageTemplate]):
    """Those of one use; who may change them is who writes with them."""

    SUBJECT = "templates"
    KINDS: ClassVar[tuple[str, ...]] = ("template.",)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "create", "key.create"),
        Binding("d", "open", "key.change"),
        Binding("delete", "delete", "key.delete"),
    ]

    def __init__(self, desk: Desk, use: pb.TemplateUse.ValueType) -> None:
        super().__init__(desk)
        self._use = use

    def table(self) -> LiveTable[pb.MessageTemplate]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.template"), 24, grow=1),
                Column(words("column.languages"), 16),
                Column(words("column.written"), 30, grow=2),
            ],
            key=lambda one: one.template_id,
            cells=self._cells,
            empty=words("empty.templates"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.MessageTemplate]:
        core = self.desk.core
        request = pb.ListTemplatesRequest(page_size=PAGE, page_token=token, use=self._use)
        answer = await core.ask(core.campaigns.ListTemplates, request)
        return Page(answer.templates, answer.next_page_token)

    def heading(self) -> str:
        return self.words(f"heading.templates_{pb.TemplateUse.Name(self._use)}")

    def panel(self, row: pb.MessageTemplate) -> Content:
        lines = said(row.message.body, self.words.language).split("\n")
        return Content("\n".join(formats.plain(line) for line in lines[:SHOWN]))

    def why_not(self, action: str) -> str | None:
        needs_row = action in {"open", "delete"}
        return self.words("why.no_row") if needs_row and self.row is None else None

    def action_create(self) -> None:
        self._open(pb.MessageTemplate(use=self._use))

    def action_open(self) -> None:
        if self.row is not None:
            self._open(self.row)

    @work(group="act", exclusive=True)
    async def action_delete(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_delete_template(self.desk, self.row), "template.deleted")

    @work(group="act", exclusive=True)
    async def _open(self, template: pb.MessageTemplate) -> None:
        if self._use == ANSWER:
            await self.ask_for(ask_answer_text(self.desk, template), "template.saved")
        else:
            await self.app.push_screen_wait(TemplateScreen(self.desk, template))
            self.touch()

    def _cells(self, one: pb.MessageTemplate) -> Sequence[Cell]:
        words = self.words
        languages = [words.find(f"language.{tag}") or tag for tag in written_in(one.message)]
        body = " ".join(said(one.message.body, words.language).split())
        return one.name, words("comma").join(languages), body


class TemplateScreen(WritingScreen):
    """One text for messages."""

    SUBJECT = "template"
    NEEDS: ClassVar[dict[str, roles.Roles]] = WritingScreen.NEEDS
    BINDINGS: ClassVar[list[BindingType]] = [*WritingScreen.WRITING]

    def __init__(self, desk: Desk, template: pb.MessageTemplate) -> None:
        self.template = pb.MessageTemplate()
        self.template.CopyFrom(template)
        super().__init__(desk, self.template.message)

    def parts(self) -> Iterator[Part]:
        none = self.words("none_yet")
        yield Part("name", self.words("field.template_name"), self.template.name or none)
        yield from super().parts()

    def heading(self) -> str:
        name = self.template.name or self.words("heading.new_template")
        unsaved = self.words("heading.unsaved") if self.unsaved else ""
        return "  ".join(filter(None, (name, unsaved)))

    def take(self, message: pb.CampaignMessage) -> None:
        self.template.message.CopyFrom(message)
        self.message = self.template.message

    async def change(self, name: str, key: str) -> None:
        if name != "name":
            await super().change(name, key)
            return
        ended = await self.ended(ask_name(self.desk, self.template.name))
        if ended is not None and isinstance(ended.answer, str):
            self.template.name = ended.answer
            self.touched()

    async def keep(self) -> None:
        core = self.desk.core
        request = pb.SaveTemplateRequest(template=self.template, request_id=request_id())
        self.template = (await core.ask(core.campaigns.SaveTemplate, request)).template
        self.message = self.template.message
        self.tell(self.words("done.template.saved"))


def ask_name(desk: Desk, held: str) -> Ask:
    async def name(answers: Answers, _: str) -> str:
        return str(answers["template_name"])

    field = Field("template_name", held, limit=NAME)
    return Ask(desk.words, "template_name", name, fields=(field,))


def ask_answer_text(desk: Desk, template: pb.MessageTemplate) -> Ask:
    """Ask for a text to answer with; residents never see what it is called."""
    core = desk.core

    async def save(answers: Answers, request_id: str) -> None:
        name, text = str(answers["template_name"]), str(answers["text"])
        kept = pb.MessageTemplate(
            template_id=template.template_id,
            name=name,
            message=pb.CampaignMessage(
                title=Text(by_language={"ja": name}), body=Text(by_language={"ja": text})
            ),
            etag=template.etag,
            use=ANSWER,
        )
        request = pb.SaveTemplateRequest(template=kept, request_id=request_id)
        await core.ask(core.campaigns.SaveTemplate, request)

    fields = (
        Field("template_name", template.name, limit=NAME, part="name"),
        Field("text", said(template.message.body, "ja"), label="field.answer_text",
              limit=LONGEST, is_long=True),
    )  # fmt: skip
    about = desk.words("ask.answer_text.about")
    return Ask(desk.words, "answer_text", save, about=about, fields=fields)
