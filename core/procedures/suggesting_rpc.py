"""Completes what somebody types: banks, branches, addresses."""

import asyncio
from functools import cache

from core.banks import bank_search
from core.banks.bank_search import Found
from core.procedures.suggesting import Address, Addresses
from core.wire.door import Call
from todoke.v1 import procedures_pb2 as pb

USUAL = 10


class Suggesting:
    """SuggestAnswers of ProcedureService. What it searches is read when it is first asked."""

    def __init__(self) -> None:
        self._reading = asyncio.Lock()

    async def SuggestAnswers(
        self, request: pb.SuggestAnswersRequest, call: Call
    ) -> pb.SuggestAnswersResponse:
        del call
        most, words = request.most or USUAL, request.words
        if request.kind == pb.SUGGESTION_KIND_ADDRESS:
            addresses = await self._find(request)
            return pb.SuggestAnswersResponse(suggestions=map(_of_address, addresses))
        # The first of these reads all banks for half a second.
        if request.kind == pb.SUGGESTION_KIND_BANK:
            found = await asyncio.to_thread(bank_search.banks, words, most)
        else:
            found = await asyncio.to_thread(bank_search.branches, request.bank, words, most)
        return pb.SuggestAnswersResponse(suggestions=map(_of_bank, found))

    async def _find(self, request: pb.SuggestAnswersRequest) -> list[Address]:
        async with self._reading:
            known = await asyncio.to_thread(_addresses)
        return known.find(request.words, request.most or USUAL)


def _of_bank(found: Found) -> pb.Suggestion:
    return pb.Suggestion(value=found.code, label=f"{found.name} {found.code}")


def _of_address(address: Address) -> pb.Suggestion:
    code = address.postal_code
    label = f"〒{code[:3]}-{code[3:]} {address.area}"
    return pb.Suggestion(value=address.area, label=label, postal_code=code)


@cache
def _addresses() -> Addresses:
    return Addresses()
