"""Books of printed codes, as staff make them, and a procedure that asks for one."""

import csv
import io
from dataclasses import dataclass

from tests.core.applications.talks import Talk, turn_id
from tests.makers import a_contact, a_request_id
from tests.town import Town
from todoke.client import Core
from todoke.v1 import coupons_pb2 as pb

SHELTER = """
key: shelter_goods
version: 1
title: 避難所の物資
audience: anybody
decided: true
once: false
steps:
  - key: code
    says: 紙のコードを入れてください。
    coupon: {}
  - key: what
    says: 何が要りますか。
    text: {most: 20}
"""


@dataclass
class Book:
    id: str
    codes: list[str]
    files: list[bytes]


async def make(staff: Core, request_id: str = "", **asked) -> Book:
    request = pb.CreateCouponBookRequest(
        **{
            "name": "避難所 物資引換券",
            "procedure_keys": ["shelter_goods"],
            "codes": 1,
            "uses_per_code": 1,
            "files": [pb.COUPON_FILE_CSV],
            "request_id": request_id or a_request_id(),
            **asked,
        }
    )
    book, files = pb.CouponBook(), []
    async for part in staff.watch(staff.coupons.CreateCouponBook, request):
        if part.WhichOneof("part") == "book":
            book = part.book
        elif part.WhichOneof("part") == "file":
            files.append(b"")
        else:
            files[-1] += part.chunk
    lines = list(csv.reader(io.StringIO(files[0].decode("utf-8-sig"))))
    return Book(book.book_id, [line[0] for line in lines[1:]], files)


async def a_talk(town: Town, line: Core) -> Talk:
    return Talk(line, (await a_contact(town, line)).external_id)


async def books(staff: Core) -> list[pb.CouponBook]:
    return list((await staff.ask(staff.coupons.ListCouponBooks, pb.ListCouponBooksRequest())).books)


async def check(core: Core, code: str, **asked) -> pb.CheckCouponResponse:
    return await core.ask(core.coupons.CheckCoupon, pb.CheckCouponRequest(code=code, **asked))


async def void(staff: Core, **what) -> pb.CouponBook:
    request = pb.VoidCouponRequest(reason="失くした", request_id=a_request_id(), **what)
    return (await staff.ask(staff.coupons.VoidCoupon, request)).book


async def answered(talk: Talk, code: str) -> str:
    """Begin, and answer everything with a code; return the application's id."""
    id = turn_id(await talk.begin("shelter_goods"))
    await talk.answer(id, "code", text=code)
    await talk.answer(id, "what", text="毛布")
    return id
