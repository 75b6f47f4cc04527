"""Puts a conversation that somebody had into the source of its procedure."""

from typing import Any

from core.procedures import yaml_places
from core.procedures.rewriting import dumped, rewritten


class NameTaken(ValueError):  # noqa: N818 - named for what is wrong.
    """A conversation of this name is recorded already."""


def with_conversation(source: str, recorded: str) -> str:
    """Return a source with a recorded conversation at its end; raise NameTaken."""
    tree: dict[str, Any] = yaml_places.read(source).value
    conversation = yaml_places.read(recorded).value[0]
    known = tree.get("conversations") or []
    if any(one.get("name") == conversation["name"] for one in known):
        raise NameTaken(f"a conversation is recorded as {conversation['name']}: name it otherwise")
    after = {**tree, "conversations": [*known, conversation]}
    return rewritten(source, after, dumped(after))
