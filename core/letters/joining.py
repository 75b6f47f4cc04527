"""One PDF of many, taken in one after another, so that never more than one of them is open."""

import hashlib
import io
import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import pikepdf

_OF_THE_WHOLE = ("/Lang", "/Metadata", "/ViewerPreferences")
"""What a catalog says that the whole says, too."""

_SAID_ANEW = ("/Parent", "/Length")
"""What is not taken over from pages and streams."""

_PACK = 200
"""Objects that are compressed as one."""

_Entries: TypeAlias = list[tuple[str, bytes]]
_Copied: TypeAlias = dict[tuple[int, int], int]
"""The number in the whole of each object of a part."""


class Joined:
    """Takes parts in their order; what is alike in them, such as an image, is in the whole once.

    For what our own typesetter sets: of its objects only pages lead back to what leads to them. The
    same parts give the same bytes.
    """

    def __init__(self) -> None:
        self._whole = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._places: list[tuple[int, int, int]] = [(0, 0, 0)]  # As the file's table tells them.
        self._known: dict[bytes, int] = {}
        self._packed: list[tuple[int, bytes]] = []
        self._tree = self._number()
        self._branches: list[int] = []
        self._pages = 0
        self._of_catalog: _Entries = []
        self._of_table: _Entries = []

    def add(self, part: bytes) -> None:
        """Take in the pages of a part, after those that are in already."""
        with pikepdf.open(io.BytesIO(part)) as opened:
            branch, pages = self._number(), [self._number() for _ in opened.pages]
            copied = {
                page.obj.objgen: number for page, number in zip(opened.pages, pages, strict=True)
            }
            if not self._branches:
                self._describe(opened, copied)
            for number, page in zip(pages, opened.pages, strict=True):
                entries = [("/Parent", _reference(branch)), *self._entries(page.obj, copied)]
                self._pack(number, _dictionary(entries))
        self._pack(branch, _branch(pages, len(pages), ("/Parent", _reference(self._tree))))
        self._branches.append(branch)
        self._pages += len(pages)

    def finish(self) -> bytes:
        """Return the whole, to which nothing can be added any more."""
        catalog = self._number()
        entries = [("/Type", b"/Catalog"), ("/Pages", _reference(self._tree)), *self._of_catalog]
        self._pack(catalog, _dictionary(entries))
        self._pack(self._tree, _branch(self._branches, self._pages))
        self._unload()
        digest = hashlib.sha256(self._whole).hexdigest()[:32].encode()
        table, start = self._number(), len(self._whole)
        self._places[table] = (1, start, 0)
        rows = b"".join(
            kind.to_bytes(1, "big") + place.to_bytes(5, "big") + index.to_bytes(2, "big")
            for kind, place, index in self._places
        )
        entries = [
            ("/Type", b"/XRef"),
            ("/Size", b"%d" % len(self._places)),
            ("/W", b"[1 5 2]"),
            ("/Root", _reference(catalog)),
            ("/ID", b"[<%b> <%b>]" % (digest, digest)),
            *self._of_table,
        ]
        self._write(table, [*entries, _DEFLATED], zlib.compress(rows))
        self._whole += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(self._whole)

    def _describe(self, first: pikepdf.Pdf, copied: _Copied) -> None:
        root, trailer = first.Root, first.trailer
        self._of_catalog = [(k, self._said(root[k], copied)) for k in _OF_THE_WHOLE if k in root]
        if "/Info" in trailer:
            self._of_table = [("/Info", self._said(trailer["/Info"], copied))]

    def _said(self, value: Any, copied: _Copied) -> bytes:
        """Return a value as it stands in a file; what it refers to is in the whole by then."""
        if isinstance(value, pikepdf.Object) and value.is_indirect:
            return _reference(self._copy(value, copied))
        return self._direct(value, copied)

    def _direct(self, value: Any, copied: _Copied) -> bytes:
        if value is None:
            return b"null"
        if isinstance(value, bool):
            return b"true" if value else b"false"
        if isinstance(value, int | Decimal):
            return format(value, "d" if isinstance(value, int) else "f").encode()
        if isinstance(value, pikepdf.Dictionary):
            return _dictionary(self._entries(value, copied))
        if isinstance(value, pikepdf.Array):
            return b"[%b]" % b" ".join(self._said(one, copied) for one in value)
        return bytes(value.unparse(resolved=True))

    def _entries(self, of: pikepdf.Object, copied: _Copied) -> _Entries:
        return [(k, self._said(v, copied)) for k, v in of.items() if k not in _SAID_ANEW]

    def _copy(self, value: pikepdf.Object, copied: _Copied) -> int:
        """Return the number of what is alike in the whole; where nothing is, it is put there."""
        if value.objgen not in copied:
            if isinstance(value, pikepdf.Stream):
                entries, content = self._entries(value, copied), value.read_raw_bytes()
                number, is_new = self._numbered(b"stream", _dictionary(entries), content)
                if is_new:
                    self._write(number, entries, content)
            else:
                said = self._direct(value, copied)
                number, is_new = self._numbered(said)
                if is_new:
                    self._pack(number, said)
            copied[value.objgen] = number
        return copied[value.objgen]

    def _numbered(self, *said: bytes) -> tuple[int, bool]:
        """Return the number of what says so, and whether nothing said so before."""
        digest = hashlib.sha256()
        for part in said:
            digest.update(part)
        key, before = digest.digest(), len(self._known)
        if key not in self._known:
            self._known[key] = self._number()
        return self._known[key], len(self._known) > before

    def _number(self) -> int:
        self._places.append((0, 0, 0))
        return len(self._places) - 1

    def _pack(self, number: int, said: bytes) -> None:
        """Put what is no stream into the whole, together with others."""
        self._packed.append((number, said))
        if len(self._packed) == _PACK:
            self._unload()

    def _unload(self) -> None:
        pack = self._number()
        numbers, start = list[bytes](), 0
        for index, (number, said) in enumerate(self._packed):
            self._places[number] = (2, pack, index)
            numbers.append(b"%d %d" % (number, start))
            start += len(said) + 1
        head = b" ".join(numbers) + b"\n"
        content = zlib.compress(head + b"\n".join(said for _, said in self._packed))
        entries = [
            ("/Type", b"/ObjStm"),
            ("/N", b"%d" % len(self._packed)),
            ("/First", b"%d" % len(head)),
            _DEFLATED,
        ]
        self._packed = []
        self._write(pack, entries, content)

    def _write(self, number: int, entries: _Entries, content: bytes) -> None:
        self._places[number] = (1, len(self._whole), 0)
        said = _dictionary([*entries, ("/Length", b"%d" % len(content))])
        self._whole += b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, said, content)


_DEFLATED = ("/Filter", b"/FlateDecode")


def _reference(number: int) -> bytes:
    return b"%d 0 R" % number


def _branch(under: Sequence[int], pages: int, *more: tuple[str, bytes]) -> bytes:
    """Return what leads to pages, or to what leads to them."""
    kids = b"[%b]" % b" ".join(_reference(one) for one in under)
    return _dictionary(
        [("/Type", b"/Pages"), ("/Kids", kids), ("/Count", b"%d" % pages), *more],
    )


def _dictionary(entries: Iterable[tuple[str, bytes]]) -> bytes:
    return b"<<%b>>" % b" ".join(b"%b %b" % (_name(key), said) for key, said in entries)


def _name(key: str) -> bytes:
    return bytes(pikepdf.Name(key).unparse())
