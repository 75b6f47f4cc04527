"""No list breaks on a page token, whoever made it: it goes on somewhere, or says what to do."""

import importlib
from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from grpc import StatusCode

from core.callers import Role
from core.wire.access import ALLOWED
from core.wire.paging import token_of
from tests.contract.test_contract import SERVICES
from tests.core.associations.scene import NOBODYS
from tests.core.circulars.makers import Block, a_block
from tests.town import Town
from todoke.client import Core, CoreError

PARTS = (
    "a\0b", "\ud800", "9" * 30, "-1", "ff", "一", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "2026-11-24T10:00:00",
)  # fmt: skip
MOST_PARTS = 4
BROKEN = {StatusCode.INTERNAL, StatusCode.UNKNOWN}


async def test_no_page_token_breaks_a_list(a_town: Town) -> None:
    block = await a_block(a_town)
    sent = await block.send()
    known = {"association_id": block.of.association_id, "circular_id": sent.circular_id}
    tokens = [token_of(*[part] * count) for part in PARTS for count in range(1, MOST_PARTS + 1)]
    asked, broken = set(), set()

    for name, method in lists():
        for core, request in await callers(block, method, known):
            asked.add(method.name)
            for request.page_token in tokens:
                refused = await refusal(core, getattr(getattr(core, name), method.name), request)
                if refused is not None and refused.code in BROKEN:
                    broken.add((method.name, request.page_token))

    assert len(asked) > 40
    assert broken == set()


def lists() -> Iterator[tuple[str, MethodDescriptor]]:
    """Yield the lists that are served, with the name of their stubs."""
    for name in SERVICES:
        module = importlib.import_module(f"todoke.v1.{name}_pb2")
        for service in module.DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                is_list = "page_token" in method.input_type.fields_by_name
                if is_list and f"{service.full_name}/{method.name}" in ALLOWED:
                    yield name, method


async def callers(
    block: Block, method: MethodDescriptor, known: dict[str, str]
) -> list[tuple[Core, Any]]:
    """Return who may ask, each with a request of what is known, or of what is nobody's."""
    roles = ALLOWED[f"{method.containing_service.full_name}/{method.name}"]
    found = []
    if Role.CHANNEL in roles:
        request = a_request(method, known)
        if "speaker" in method.input_type.fields_by_name:
            request.speaker.CopyFrom(block.of.chair.speaker)
        found.append((block.line, request))
    if roles - {Role.CHANNEL}:
        found.append((block.staff, a_request(method, known)))
    return found


def a_request(method: MethodDescriptor, known: dict[str, str]) -> Any:
    module = importlib.import_module(
        method.input_type.file.name.removesuffix(".proto").replace("/", ".") + "_pb2"
    )
    request = getattr(module, method.input_type.name)()
    for field in method.input_type.fields:
        if field.name.endswith("_id") and not field.is_repeated:
            setattr(request, field.name, known.get(field.name, NOBODYS))
    return request


async def refusal(core: Core, method: Any, request: Any) -> CoreError | None:
    try:
        await core.ask(method, request)
    except CoreError as refused:
        return refused
    return None
