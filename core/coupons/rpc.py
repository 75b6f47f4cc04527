"""CouponService."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence

from sqlalchemy.orm import Session

from core import coupon_codes
from core.coupons import actions, rows, sheet
from core.coupons.rows import CouponBook
from core.coupons.rules import CouponBookMade, Standing
from core.db import Database
from core.events import Municipality
from core.procedures.catalogue import Catalogue
from core.wire import paging
from core.wire.convert import to_date, to_timestamp
from core.wire.door import Call, FieldInvalid
from core.wire.mutation import mutation, once
from todoke.v1 import coupons_pb2 as pb
from todoke.v1 import files_pb2

CHUNK = 64 * 1024
METHOD = "CouponService.CreateCouponBook"


class CouponService:
    """Makes books of codes, and tells how a code stands."""

    def __init__(self, db: Database, procedures: Catalogue, used: actions.Used) -> None:
        self.db = db
        self._procedures = procedures
        self._used = used

    async def CreateCouponBook(
        self, request: pb.CreateCouponBookRequest, call: Call
    ) -> AsyncIterator[pb.CreateCouponBookResponse]:
        """Keep the book, then give out its codes, which nobody can read again."""
        if pb.COUPON_FILE_SHEET in request.files and request.codes > sheet.MOST:
            raise FieldInvalid(f"a sheet holds {sheet.MOST} codes at most", field="codes")
        drawn: list[str] = []

        def change(session: Session) -> pb.CouponBook:
            drawn[:] = coupon_codes.draw_many(request.codes)
            return to_pb(self._made(session, request, call, drawn))

        def work(session: Session) -> tuple[pb.CouponBook, str]:
            # Work may run twice, and what was drawn for a change that was undone is no code.
            drawn.clear()
            book = once(
                session,
                call,
                method=METHOD,
                request=request,
                response_type=pb.CouponBook,
                change=lambda: change(session),
            )
            return book, session.get_one(Municipality, call.caller.municipality).name

        book, city = await self.db.write(work)
        if not drawn:
            raise CouponBookMade("its codes were given out already", bookId=book.book_id)
        yield pb.CreateCouponBookResponse(book=book)
        for file in request.files:
            async for part in _file_of(file, book, drawn, city):
                yield part

    def _made(
        self, session: Session, request: pb.CreateCouponBookRequest, call: Call, codes: list[str]
    ) -> CouponBook:
        """Keep the book, whose procedures must be in force."""
        for key in request.procedure_keys:
            self._procedures.in_force(session, call.caller.municipality, key, call.now)
        return actions.make(
            session,
            call.caller,
            name=request.name,
            procedures=list(request.procedure_keys),
            codes=codes,
            uses=request.uses_per_code,
            first_date=request.first_date,
            last_date=request.last_date,
            now=call.now,
        )

    async def ListCouponBooks(
        self, request: pb.ListCouponBooksRequest, call: Call
    ) -> pb.ListCouponBooksResponse:
        limit = paging.limit_of(request.page_size)
        before = "".join(paging.key_of(request.page_token))
        municipality = call.caller.municipality

        def found(session: Session) -> pb.ListCouponBooksResponse:
            page = rows.books(session, municipality, before=before, limit=limit + 1)
            shown, token = paging.split(page, limit, lambda book: (book.id,))
            return pb.ListCouponBooksResponse(
                books=self._counted(session, shown), next_page_token=token
            )

        return await self.db.read(found)

    async def CheckCoupon(
        self, request: pb.CheckCouponRequest, call: Call
    ) -> pb.CheckCouponResponse:
        """Tell staff all, and a channel how the code stands."""
        caller = call.caller
        subject = f"staff:{caller.id}"
        if caller.is_channel:
            if not request.external_id:
                raise FieldInvalid("a channel says who asks", field="external_id")
            asked = hashlib.sha256(request.external_id.encode()).hexdigest()[:32]
            subject = f"{caller.name}:{asked}"

        def look(session: Session) -> pb.CheckCouponResponse:
            standing, book, used = actions.check(
                session,
                caller,
                subject=subject,
                typed=request.code,
                procedure=request.procedure_key,
                used=self._used,
                now=call.now,
            )
            told = pb.CheckCouponResponse(standing=STANDINGS[standing])
            if book is not None and not caller.is_channel:
                told.book.CopyFrom(self._counted(session, [book])[0])
                told.used = used
            return told

        return await self.db.write(look)

    @mutation
    def VoidCoupon(
        self, session: Session, request: pb.VoidCouponRequest, call: Call
    ) -> pb.VoidCouponResponse:
        if request.WhichOneof("what") == "code":
            book = actions.void_code(
                session, call.caller, typed=request.code, reason=request.reason, now=call.now
            )
        else:
            book = actions.void_book(
                session, call.caller, id=request.book_id, reason=request.reason, now=call.now
            )
        session.flush()
        return pb.VoidCouponResponse(book=self._counted(session, [book])[0])

    def _counted(self, session: Session, books: Sequence[CouponBook]) -> list[pb.CouponBook]:
        if not books:
            return []
        municipality, ids = books[0].municipality, [book.id for book in books]
        used = self._used(session, municipality, ids, None)
        voided = rows.voided(session, municipality, ids)
        return [to_pb(one, used.get(one.id, 0), voided.get(one.id, 0)) for one in books]


FILES = {
    pb.COUPON_FILE_CSV: ("csv", "text/csv", sheet.as_csv),
    pb.COUPON_FILE_SHEET: ("pdf", "application/pdf", sheet.as_pdf),
}

STANDINGS = {
    standing: pb.CouponStanding.Value(f"COUPON_STANDING_{standing.name}") for standing in Standing
}


def to_pb(book: CouponBook, used: int = 0, voided: int = 0) -> pb.CouponBook:
    return pb.CouponBook(
        book_id=book.id,
        name=book.name,
        procedure_keys=book.procedures,
        codes=book.codes,
        uses_per_code=book.uses,
        first_date=to_date(book.first_date),
        last_date=to_date(book.last_date),
        used=used,
        voided=voided,
        author=book.author,
        create_time=to_timestamp(book.create_time),
        void_time=to_timestamp(book.void_time),
    )


async def _file_of(
    file: pb.CouponFile.ValueType, book: pb.CouponBook, codes: list[str], city: str
) -> AsyncIterator[pb.CreateCouponBookResponse]:
    """Yield a file of a book's codes: what it is, then its bytes."""
    printing = sheet.Printing(city, book.name, book.uses_per_code, book.first_date, book.last_date)
    name, media_type, make = FILES[file]
    content = await asyncio.to_thread(make, codes, printing)
    header = files_pb2.FileHeader(
        file_name=f"coupons-{book.book_id[-12:]}.{name}",
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    yield pb.CreateCouponBookResponse(file=header)
    for start in range(0, len(content), CHUNK):
        yield pb.CreateCouponBookResponse(chunk=content[start : start + CHUNK])
