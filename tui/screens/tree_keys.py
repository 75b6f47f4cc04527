"""The keys that change a tree of conditions."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from todoke.v1 import campaigns_pb2 as pb
from tui.conditions import tree
from tui.conditions.tree import Node
from tui.desk import Desk
from tui.screens.beside import Beside

ON_NODE = frozenset({"change", "remove", "put_in_group", "turn", "ungroup", "up", "down"})
"""What is done with the condition under the cursor."""


class TreeKeys(Beside[Node]):
    """`condition` is the tree as it stands; what it was before each change can be gone back to."""

    CHANGES: ClassVar[list[BindingType]] = [
        Binding("x", "remove", "key.remove"),
        Binding("w", "put_in_group", "key.put_in_group"),
        Binding("c", "turn", "key.turn_group"),
        Binding("b", "ungroup", "key.ungroup"),
        Binding("left_square_bracket", "up", "key.move_up"),
        Binding("right_square_bracket", "down", "key.move_down"),
        Binding("z", "undo", "key.undo"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.condition: pb.Condition | None = None
        self.before: list[pb.Condition | None] = []

    def show_tree(self, place: tree.Place) -> None:
        """Show the tree as it is now, with the cursor at a place."""
        raise NotImplementedError

    def action_remove(self) -> None:
        self._change(tree.removed)

    def action_put_in_group(self) -> None:
        self._change(tree.grouped)

    def action_turn(self) -> None:
        self._change(tree.turned)

    def action_ungroup(self) -> None:
        self._change(tree.ungrouped)

    def action_up(self) -> None:
        self._move(-1)

    def action_down(self) -> None:
        self._move(1)

    def action_undo(self) -> None:
        self.condition = self.before.pop()
        self.show_tree(self.row.place if self.row is not None else tree.ROOT)

    def _move(self, by: int) -> None:
        if self.row is not None and self.condition is not None:
            self.put(*tree.moved(self.condition, self.row.place, by))

    def _change(self, change: Callable[[pb.Condition, tree.Place], pb.Condition | None]) -> None:
        if self.row is not None and self.condition is not None:
            self.put(change(self.condition, self.row.place), self.row.place)

    def put(self, changed: pb.Condition | None, place: tree.Place) -> None:
        """Take a tree, and go to a place of it."""
        if changed != self.condition:
            self.before.append(self.condition)
            self.condition = changed
        self.show_tree(place)
