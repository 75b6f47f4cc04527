"""Reads what stands in a PDF, for a search: good enough to find it again, and no more.

PDF 32000-1:2008, 9.4.3 (showing text) and 9.10 (what its codes mean): a font says by its ToUnicode
map which characters it shows; where it has none, by a well-known encoding.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

from core.attachments.lines import Lines

MOST_CHARACTERS = 200_000
DEEPEST = 3
"""Forms within forms."""

SHOWING = {"Tj", "TJ", "'", '"'}
SPACE = -200
"""So far between two pieces there is a space between them, in thousandths of the font's size."""

_BLOCK = re.compile(rb"begin(bfchar|bfrange|codespacerange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


@dataclass(slots=True)
class Font:
    """How a font's codes are read: each of `width` bytes, by its map or by an encoding."""

    width: int
    encoding: str
    characters: dict[int, str] = field(default_factory=dict)

    def read(self, shown: bytes) -> str:
        if not self.characters:
            return shown.decode(self.encoding, "ignore")
        codes = (
            int.from_bytes(shown[at : at + self.width]) for at in range(0, len(shown), self.width)
        )
        return "".join(self.characters.get(code, "") for code in codes)


def text_of(document: pikepdf.Pdf) -> str:
    """Return the text of a document, line by line in the order in which it was written."""
    parts: list[str] = []
    length = 0
    for page in document.pages:
        for part in _pieces(page.obj, page.obj.get("/Resources"), 0):
            parts.append(part)
            length += len(part)
            if length > MOST_CHARACTERS:
                return "".join(parts)[:MOST_CHARACTERS]
        parts.append("\n")
    lines = (" ".join(line.split()) for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


def _pieces(drawn: pikepdf.Object, resources: pikepdf.Object | None, depth: int) -> Iterator[str]:
    fonts: dict[str, Font] = {}
    font, lines = Font(1, "cp1252"), Lines()
    for step in pikepdf.parse_content_stream(drawn):
        operator, operands = str(step.operator), list(step.operands)
        if operator == "Tf" and operands:
            name = str(operands[0])
            if name not in fonts:
                fonts[name] = _font(_named(resources, "/Font", name))
            font = fonts[name]
        elif operator == "Do" and operands and depth < DEEPEST:
            form = _named(resources, "/XObject", str(operands[0]))
            if form is not None and form.get("/Subtype") == pikepdf.Name.Form:
                yield "\n"
                yield from _pieces(form, form.get("/Resources", resources), depth + 1)
                yield "\n"
        lines.take(operator, operands)
        if operator in SHOWING and operands:
            shown = _shown(operands[-1], font)
            yield lines.before(shown) + shown


def _named(resources: pikepdf.Object | None, kind: str, name: str) -> pikepdf.Object | None:
    held = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
    return held.get(name) if isinstance(held, pikepdf.Dictionary) else None


def _shown(operand: object, font: Font) -> str:
    pieces = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    parts = []
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            parts.append(font.read(bytes(piece)))
        elif not isinstance(piece, pikepdf.Object) and float(str(piece)) < SPACE:
            parts.append(" ")
    return "".join(parts)


def _font(font: pikepdf.Object | None) -> Font:
    """Return how a font's codes are read; one that says nothing of it, as Western text."""
    if not isinstance(font, pikepdf.Dictionary):
        return Font(1, "cp1252")
    of_many = font.get("/Subtype") == pikepdf.Name.Type0
    read = Font(2, "utf-16-be") if of_many else Font(1, "cp1252")
    encoding = str(font.get("/Encoding", ""))
    if of_many and "RKSJ" in encoding:
        read.encoding = "cp932"
    elif of_many and "EUC" in encoding:
        read.encoding = "euc_jp"
    elif of_many and "Uni" not in encoding:
        read.encoding = "ascii"  # Numbers of glyphs, which mean nothing without their font.
    mapped = font.get("/ToUnicode")
    if isinstance(mapped, pikepdf.Stream):
        _read_map(mapped.read_bytes(), read)
    return read


def _read_map(content: bytes, font: Font) -> None:
    for kind, block in _BLOCK.findall(content):
        tokens = [
            match.group(2) or match.group(3) or bytes.fromhex(match.group(1).decode())
            for match in _TOKEN.finditer(block)
        ]
        if kind == b"codespacerange" and tokens:
            font.width = max(1, len(tokens[0]))
        elif kind == b"bfchar":
            for code, text in zip(tokens[::2], tokens[1::2], strict=False):
                font.characters[int.from_bytes(code)] = _utf16(text)
        elif kind == b"bfrange":
            _read_ranges(tokens, font)


def _read_ranges(tokens: list[bytes], font: Font) -> None:
    at = 0
    while at + 2 < len(tokens):
        first, last = int.from_bytes(tokens[at]), int.from_bytes(tokens[at + 1])
        codes = range(first, min(last, first + 0xFFFF) + 1)
        at += 2
        if tokens[at] == b"[":
            end = tokens.index(b"]", at) if b"]" in tokens[at:] else len(tokens)
            for code, text in zip(codes, tokens[at + 1 : end], strict=False):
                font.characters[code] = _utf16(text)
            at = end + 1
            continue
        begin = _utf16(tokens[at])
        for code in codes if begin else ():
            # The last character counts on.
            following = ord(begin[-1]) + code - first
            if following <= 0x10FFFF:
                font.characters[code] = begin[:-1] + chr(following)
        at += 1


def _utf16(text: bytes) -> str:
    return text.decode("utf-16-be", "ignore")
