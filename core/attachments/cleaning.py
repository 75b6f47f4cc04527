"""Makes files anew: a photograph from its pixels, a PDF from its pages; all else stays behind.

What a file is, its content says, never its name. Nothing of metadata is kept: where a photograph
was taken is nobody's business. It runs in a process of its own (`worker`), since what decodes files
is large and the files are strangers'.
"""

import io
import struct
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError, WebPImagePlugin

from core.attachments.jpeg import without_metadata

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
MEDIA_TYPES = (JPEG, PNG, WEBP, PDF)
"""What may be taken; a WebP becomes one of the others."""

IMAGES = {"JPEG": JPEG, "PNG": PNG, WebPImagePlugin.WebPImageFile.format: WEBP}
"""What is read as an image, by Pillow's names; nothing is guessed beyond them."""

Image.preinit()

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2560
"""In pixels: enough to read a passbook or a receipt."""

QUALITY = 85
MOST_PAGES = 50
OF_A_PAGE = {
    *("/Type", "/Parent", "/Resources", "/Contents", "/Rotate", "/UserUnit", "/Group"),
    *("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"),
}
"""What a page is drawn from, and nothing that does something."""

TELLING = ("/Metadata", "/PieceInfo", "/AF", "/LastModified", "/OPI", "/Ref", "/OC")
"""What tells where a part of a page comes from, or hangs something on it."""


class Problem(StrEnum):
    """Why a file is not taken."""

    EMPTY = "EMPTY"
    TOO_LARGE = "TOO_LARGE"
    KIND = "KIND"
    BROKEN = "BROKEN"
    PROTECTED = "PROTECTED"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    INFECTED = "INFECTED"


class NotTaken(Exception):  # noqa: N818 - named for what becomes of the file.
    """A file is not taken; `limit` is what it went beyond, where that is a number."""

    def __init__(self, problem: Problem, limit: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.limit = limit


@dataclass(frozen=True, slots=True)
class Clean:
    """A file made anew; an image has its size in pixels."""

    media_type: str
    content: bytes
    width: int = 0
    height: int = 0


def clean(
    content: bytes, taken: Collection[str] = MEDIA_TYPES, widest: int = LONGEST_SIDE
) -> Clean:
    """Return a file made anew, an image no wider than `widest` pixels.

    Raises NotTaken, also for a kind that is none of those `taken`.
    """
    if not content:
        raise NotTaken(Problem.EMPTY)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        if PDF not in taken:
            raise NotTaken(Problem.KIND)
        return Clean(PDF, _pdf(content))
    return _image(content, taken, min(widest, LONGEST_SIDE))


def _image(content: bytes, taken: Collection[str], widest: int) -> Clean:
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # What is amiss in metadata goes with them.
            Image.open(io.BytesIO(content), formats=list(IMAGES)) as image,
        ):
            if IMAGES[image.format or ""] not in taken:
                raise NotTaken(Problem.KIND)
            _bounded(image)
            # What is drawn with few colours, such as a signature or a screen, stays sharp as PNG.
            is_drawn = image.format == "PNG" and image.mode in {"1", "L", "P", "LA", "RGBA"}
            # A large photograph is decoded no larger than it will be.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((widest, LONGEST_SIDE))
            plain = _flat(upright)
    except UnidentifiedImageError:
        raise NotTaken(Problem.KIND) from None
    except Image.DecompressionBombError:
        raise NotTaken(Problem.TOO_LARGE, str(MOST_PIXELS)) from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error):
        raise NotTaken(Problem.BROKEN) from None
    made = io.BytesIO()
    if is_drawn or JPEG not in taken:
        plain.save(made, "PNG", optimize=True)
        return Clean(PNG, made.getvalue(), *plain.size)
    plain.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Clean(JPEG, made.getvalue(), *plain.size)


def _bounded(image: Image.Image) -> None:
    """Raise NotTaken for more pixels than are decoded here; the size stands in the file's head."""
    if image.width * image.height > MOST_PIXELS:
        raise NotTaken(Problem.TOO_LARGE, str(MOST_PIXELS))


def _flat(image: Image.Image) -> Image.Image:
    """Return the pixels alone, on white: a new image has no metadata, profile or second frame."""
    colour = image.convert("RGBA")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(colour, mask=colour.getchannel("A"))
    return flat


def _pdf(content: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as made:
            _countable(len(source.pages))
            # What was filled into a form, or drawn over a page, becomes a part of the page.
            source.generate_appearance_streams()
            source.flatten_annotations("screen")
            # Pages alone: scripts, attached files, forms and metadata hang on the document.
            made.pages.extend(source.pages)
            for page in made.pages:
                _quiet(page.obj)
            made.remove_unreferenced_resources()
            for part in made.objects:
                _silent(part)
            saved = io.BytesIO()
            made.save(saved, deterministic_id=True, linearize=False)
            return saved.getvalue()
    except pikepdf.PasswordError:
        raise NotTaken(Problem.PROTECTED) from None
    except (
        pikepdf.PdfError,
        *(ValueError, RuntimeError, TypeError, KeyError, AttributeError, OverflowError),
    ):
        raise NotTaken(Problem.BROKEN) from None


def _countable(pages: int) -> None:
    if pages > MOST_PAGES:
        raise NotTaken(Problem.TOO_MANY_PAGES, str(MOST_PAGES))
    if not pages:
        raise NotTaken(Problem.BROKEN)


def _quiet(page: pikepdf.Object) -> None:
    """Leave of a page what it is drawn from."""
    for name in set(page.keys()) - OF_A_PAGE:
        del page[name]


def _silent(part: pikepdf.Object) -> None:
    """Take from a part of a page what tells of more than is seen, also within a photograph."""
    if not isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
        return
    for name in TELLING:
        if name in part:
            del part[name]
    if isinstance(part, pikepdf.Stream) and part.get("/Filter") == pikepdf.Name.DCTDecode:
        bare = without_metadata(part.read_raw_bytes())
        held = part.get("/DecodeParms")
        parms = held if isinstance(held, pikepdf.Dictionary) else None
        part.write(bare, filter=pikepdf.Name.DCTDecode, decode_parms=parms)
