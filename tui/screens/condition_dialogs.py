"""What is asked of a condition: its kind, then its values, from lists where the core has them."""

from todoke.v1 import campaigns_pb2 as pb
from todoke.v1.residents_pb2 import Sex
from tui.conditions import tree
from tui.conditions.known import Named
from tui.conditions.wording import EVERYBODY
from tui.dates import Mistyped
from tui.dialogs.ask import Answers, Field
from tui.screens.condition_asking import OTHER, labels_of
from tui.screens.condition_facts import Facts
from tui.screens.condition_ties import Ties

EVERYBODY_KIND = "everybody"
KINDS = (
    *(EVERYBODY_KIND, "age", "sex", "area", "association", "household", "topic", "language"),
    *("program", "answer", "channel", "registered", "campaign", "residents", "segment_id"),
)
"""Kinds of leaves, in the order in which they are offered."""

LANGUAGES = ("ja", "en", "ja-x-easy")
CHANNELS = ("line", "web")


class Conditions(Facts, Ties):
    """Asks for the kind, and then as that kind is asked."""

    async def new(self) -> pb.Condition | None:
        """Ask what kind, then its values; raise CoreError where a list cannot be read."""
        offered = [kind for kind in (*KINDS, *tree.GROUPS) if self._has(kind)]
        labels = [(self.words(f"condition_kind.{kind}"), kind) for kind in offered]
        kind = await self.one("condition.kind", labels)
        if kind is None:
            return None
        if kind in tree.GROUPS:
            first = await self.new()
            return None if first is None else tree.group(kind, [first])
        return await self._ask(kind, pb.Condition())

    async def change(self, condition: pb.Condition) -> pb.Condition | None:
        """Ask the values of a leaf anew."""
        kind = tree.kind_of(condition)
        is_household = kind == "association" and condition.association.household_ids
        return await self._ask("household" if is_household else kind, condition)

    async def _ask(self, kind: str, before: pb.Condition) -> pb.Condition | None:
        ways = {
            "age": self.age,
            "area": self.area,
            "association": self.association,
            "household": self.household,
            "program": self.program,
            "answer": self.answer,
            "registered": self.registered,
            "campaign": self.campaign,
            "residents": self.residents,
        }
        if kind == EVERYBODY_KIND:
            return EVERYBODY
        return await (ways[kind](before) if kind in ways else self._key(kind, before))

    def _has(self, kind: str) -> bool:
        """Whether there is anything to choose from."""
        lists: dict[str, object] = {
            "association": self.known.associations,
            "household": self.known.associations,
            "program": self.known.programs,
            "answer": self.known.marked(),
            "campaign": self.known.campaigns,
            "topic": self.known.topics,
            "segment_id": self._segments(),
        }
        return kind not in lists or bool(lists[kind])

    async def _key(self, kind: str, before: pb.Condition) -> pb.Condition | None:
        """Ask for a condition that is one key out of a list."""
        words = self.words
        languages = dict.fromkeys(
            (*LANGUAGES, *(tag for one in self.known.procedures.values() for tag in one.languages))
        )
        lists = {
            "sex": [(words(f"sex.{one}"), one) for one in Sex.keys()[1:]],
            "topic": labels_of(self.known.topics),
            "segment_id": labels_of(self._segments()),
            "language": [(words.find(f"language.{tag}") or tag, tag) for tag in languages],
            "channel": [(words.channel(one), one) for one in CHANNELS],
        }
        labels = lists[kind]
        if kind in {"language", "channel"}:
            labels = [*labels, (words("condition.other"), OTHER)]
        held = getattr(before, kind)
        chosen = await self.one(
            f"condition_kind.{kind}", labels, Sex.Name(held) if kind == "sex" else held
        )
        if chosen == OTHER:
            return await self._typed(kind, str(held))
        if chosen is None:
            return None
        return pb.Condition(**{kind: Sex.Value(chosen) if kind == "sex" else chosen})  # type: ignore[arg-type]  # One of four kinds.

    async def _typed(self, kind: str, held: str) -> pb.Condition | None:
        def read(answers: Answers) -> pb.Condition:
            if not answers[kind]:
                raise Mistyped(kind)
            return pb.Condition(**{kind: str(answers[kind])})  # type: ignore[arg-type]  # A text.

        return await self.read(kind, [Field(kind, held, limit=35)], read)

    def _segments(self) -> Named:
        """Return the kept segments but for the one that is being changed."""
        return {id: one.name for id, one in self.known.segments.items() if id != self.own_id}
