"""The topics that messages are about: residents choose among them what they want to hear of."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from todoke.v1 import residents_pb2 as pb
from todoke.v1.procedures_pb2 import Text
from tui import formats, roles
from tui.desk import Desk
from tui.dialogs.ask import Answers, Ask, Field
from tui.listing import Page
from tui.phone import said
from tui.screens.acting import Acting
from tui.screens.leaf import Leaf
from tui.screens.list_screen import PAGE
from tui.screens.writing_parts import LANGUAGES
from tui.widgets.live_table import Cell, Column, LiveTable

KEY, TITLE = 64, 100


class TopicsScreen(Acting, Leaf[pb.Topic]):
    SUBJECT = "topics"
    KINDS: ClassVar[tuple[str, ...]] = ("topic.",)
    NEEDS: ClassVar[dict[str, roles.Roles]] = dict.fromkeys(("create", "change"), roles.MESSENGERS)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "create", "key.create"),
        Binding("d", "change", "key.change"),
    ]

    def table(self) -> LiveTable[pb.Topic]:
        words = self.words
        return LiveTable(
            [
                Column(words("column.topic"), 20, grow=2),
                Column(words("column.languages"), 14, grow=1),
                Column(words("column.topic_at_first"), 16),
                Column(words("column.topic_key"), 12, grow=1),
            ],
            key=lambda one: one.key,
            cells=self._cells,
            empty=words("empty.topics"),
            nothing_found=words("filter.nothing"),
        )

    async def fetch(self, token: str) -> Page[pb.Topic]:
        core = self.desk.core
        request = pb.ListTopicsRequest(page_size=PAGE, page_token=token)
        answer = await core.ask(core.residents.ListTopics, request)
        return Page(answer.topics, answer.next_page_token)

    def heading(self) -> str:
        return self.words("heading.topics")

    def panel(self, row: pb.Topic) -> Content:
        return Content("\n".join(self._titles(row)))

    def why_not(self, action: str) -> str | None:
        return self.words("why.no_row") if action == "change" and self.row is None else None

    @work(group="act", exclusive=True)
    async def action_create(self) -> None:
        await self.ask_for(ask_topic(self.desk, pb.Topic(chosen_at_first=True)), "topic.saved")

    @work(group="act", exclusive=True)
    async def action_change(self) -> None:
        if self.row is not None:
            await self.ask_for(ask_topic(self.desk, self.row), "topic.saved")

    def _titles(self, topic: pb.Topic) -> Iterator[str]:
        for tag, title in sorted(topic.title.by_language.items(), key=_as_offered):
            language = self.words.find(f"language.{tag}") or tag
            yield self.words("topic.title", language=language, title=formats.plain(title))

    def _cells(self, topic: pb.Topic) -> Sequence[Cell]:
        words = self.words
        tags = sorted(topic.title.by_language.items(), key=_as_offered)
        return (
            said(topic.title, words.language),
            words("comma").join(words.find(f"language.{tag}") or tag for tag, _ in tags),
            words(f"topic.at_first_{'yes' if topic.chosen_at_first else 'no'}"),
            topic.key,
        )


def _as_offered(written: tuple[str, str]) -> tuple[int, str]:
    tag = written[0]
    return (LANGUAGES.index(tag) if tag in LANGUAGES else len(LANGUAGES), tag)


def ask_topic(desk: Desk, held: pb.Topic) -> Ask:
    """Ask what residents read of a topic; its key is for good, once it is chosen."""
    core = desk.core

    async def save(answers: Answers, request_id: str) -> None:
        title = dict(held.title.by_language)
        title |= {tag: str(answers[_field(tag)]).strip() for tag in LANGUAGES}
        topic = pb.Topic(
            key=held.key or str(answers["topic_key"]).strip(),
            title=Text(by_language={tag: text for tag, text in title.items() if text}),
            chosen_at_first=bool(answers["chosen_at_first"]),
            etag=held.etag,
        )
        request = pb.SaveTopicRequest(topic=topic, request_id=request_id)
        await core.ask(core.residents.SaveTopic, request)

    titles = (
        Field(_field(tag), held.title.by_language.get(tag, ""), limit=TITLE, part="title")
        for tag in LANGUAGES
    )
    key = () if held.key else (Field("topic_key", limit=KEY, part="key"),)
    fields = (*titles, *key, Field("chosen_at_first", held.chosen_at_first))
    return Ask(desk.words, "topic", save, about=desk.words("ask.topic.about"), fields=fields)


def _field(tag: str) -> str:
    return f"topic_{tag.replace('-', '_')}"
