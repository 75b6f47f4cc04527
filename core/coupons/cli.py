"""`todoke coupon`: make books of codes, look at them, check and void codes, as staff of a core."""

from pathlib import Path

import click

from core.procedures.cli_signing import Desk, at_a_desk, request_id, signed_in
from todoke.client import Core
from todoke.v1 import coupons_pb2 as pb

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
REASON = click.option("--reason", required=True, help="Why; it stands in the audit log.")


@click.group()
def coupon() -> None:
    """Make codes to print, and keep them."""


@coupon.command("new")
@click.argument("title", metavar="NAME")
@click.option("--procedure", "keys", multiple=True, required=True, help="What takes the codes.")
@click.option("--codes", type=int, required=True, help="How many codes.")
@click.option("--uses", type=int, default=1, show_default=True, help="How often each may be used.")
@click.option("--from", "first", default="", help="The first day, as 2027-04-01.")
@click.option("--until", "last", default="", help="The last day.")
@click.option("--csv", "table", type=NEW_FILE, help="Write the codes here, one a line.")
@click.option("--sheet", type=NEW_FILE, help="Write pages of ten to cut here, as PDF.")
@at_a_desk
def new(
    title: str,
    keys: tuple[str, ...],
    *,
    codes: int,
    uses: int,
    first: str,
    last: str,
    table: Path | None,
    sheet: Path | None,
    desk: Desk,
) -> None:
    """Make a book called NAME. Its codes are given out this once: keep the files well."""
    wanted = {pb.COUPON_FILE_CSV: table, pb.COUPON_FILE_SHEET: sheet}
    paths = [path for path in wanted.values() if path is not None]
    if not paths:
        raise click.UsageError("name --csv or --sheet, or both: the codes are given out only now")
    for path in paths:
        _reserve(path)
    request = pb.CreateCouponBookRequest(
        name=title,
        procedure_keys=keys,
        codes=codes,
        uses_per_code=uses,
        first_date=first,
        last_date=last,
        files=[file for file, path in wanted.items() if path is not None],
        request_id=request_id(),
    )

    try:
        book, files = signed_in(desk, lambda core: _made(core, request))
    except click.ClickException:
        for path in paths:
            path.unlink()
        raise
    for path, content in zip(paths, files, strict=True):
        path.write_bytes(content)
        click.echo(f"wrote {path}")
    click.echo(f"book {book.book_id}: {book.codes} codes for {', '.join(book.procedure_keys)}")


async def _made(
    core: Core, request: pb.CreateCouponBookRequest
) -> tuple[pb.CouponBook, list[bytearray]]:
    """Return a new book, and its files as they were asked for."""
    book, files = pb.CouponBook(), list[bytearray]()
    async for part in core.watch(core.coupons.CreateCouponBook, request):
        match part.WhichOneof("part"):
            case "book":
                book = part.book
            case "file":
                files.append(bytearray())
            case "chunk":
                files[-1] += part.chunk
    return book, files


@coupon.command("list")
@at_a_desk
def list_books(*, desk: Desk) -> None:
    """List the books, newest first, with what of them is used."""

    async def work(core: Core) -> list[pb.CouponBook]:
        books, request = list[pb.CouponBook](), pb.ListCouponBooksRequest(page_size=200)
        while True:
            page = await core.ask(core.coupons.ListCouponBooks, request)
            books += page.books
            if not page.next_page_token:
                return books
            request.page_token = page.next_page_token

    for book in signed_in(desk, work):
        click.echo(_line(book))


@coupon.command("check")
@click.argument("code")
@at_a_desk
def check(code: str, *, desk: Desk) -> None:
    """Say how CODE stands. Ends with 1 where it cannot be used."""
    request = pb.CheckCouponRequest(code=code)
    told = signed_in(desk, lambda core: core.ask(core.coupons.CheckCoupon, request))
    standing = pb.CouponStanding.Name(told.standing).removeprefix("COUPON_STANDING_").lower()
    click.echo(f"{standing}{f', used {told.used} times' if told.used else ''}")
    if told.HasField("book"):
        click.echo(_line(told.book))
    if told.standing != pb.COUPON_STANDING_GOOD:
        raise click.exceptions.Exit(1)


@coupon.command("void")
@click.argument("code", required=False)
@click.option("--book", default="", help="All codes of this book instead.")
@REASON
@at_a_desk
def void(code: str | None, *, book: str, reason: str, desk: Desk) -> None:
    """Let CODE, or a whole book, not be used any more. What was filed stands."""
    if bool(code) == bool(book):
        raise click.UsageError("name a code, or --book: one of them")
    request = pb.VoidCouponRequest(reason=reason, request_id=request_id())
    if book:
        request.book_id = book
    else:
        request.code = code or ""
    told = signed_in(desk, lambda core: core.ask(core.coupons.VoidCoupon, request))
    click.echo(_line(told.book))


def _reserve(path: Path) -> None:
    """Make an empty file of our own, before there are codes that would have no place."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already: it is not overwritten") from None
    except OSError as problem:
        raise click.ClickException(str(problem)) from None


def _line(book: pb.CouponBook) -> str:
    days = f"{book.first_date or '…'} to {book.last_date or '…'}"
    state = "void" if book.HasField("void_time") else f"{book.voided} void"
    of = book.codes * book.uses_per_code
    return (
        f"{book.book_id}  {book.name}  {', '.join(book.procedure_keys)}  {book.codes} codes"
        f"  {book.used} of {of} used  {state}  {days}"
    )
