"""What no text of a request holds, whatever its field: it is looked for in all of them."""

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message


def with_nul(request: Message) -> list[str]:
    """Return the fields whose text holds a NUL, which not every database takes."""
    # Of most requests a look at the bytes tells that there is none.
    if b"\0" not in request.SerializeToString():
        return []
    return list(_within(request, ""))


def _within(message: Message, path: str) -> Iterator[str]:
    for field, value in message.ListFields():
        is_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        for at, one in _each(value, is_repeated=field.is_repeated, is_map=is_map):
            if isinstance(one, Message):
                yield from _within(one, f"{path}{field.name}{at}.")
            elif isinstance(one, str) and "\0" in one:
                yield f"{path}{field.name}{at}"


def _each(value: Any, *, is_repeated: bool, is_map: bool) -> Iterator[tuple[str, Any]]:
    """Yield the values of a field, each with where it stands in it."""
    if is_map:
        yield from (("", part) for pair in value.items() for part in pair)
    elif is_repeated:
        yield from ((f"[{at}]", one) for at, one in enumerate(value))
    else:
        yield "", value
