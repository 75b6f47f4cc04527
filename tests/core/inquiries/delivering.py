"""The adapter's part in an answer."""

from tests.adapter import an_adapter
from tests.town import Town
from todoke.client import Core
from todoke.v1.dispatches_pb2 import (
    OUTCOME_RESULT_ACCEPTED,
    Dispatch,
)


async def delivered(town: Town, line: Core, result=OUTCOME_RESULT_ACCEPTED) -> Dispatch:
    """Take the one thing that waits to be sent."""
    async with an_adapter(line) as adapter:
        adapter.ready(1)
        dispatch = await adapter.dispatch()
        adapter.report(dispatch, result)
        assert await adapter.taken()
    return dispatch
