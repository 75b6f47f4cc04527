"""Makes files anew: a photograph from its pixels, a PDF from its pages; all else stays behind.

What a file is, its content says, never its name. Nothing of metadata is kept: where a photograph
was taken is nobody's business. It runs in a process of its own (`worker`), since what decodes files
is large and the files are strangers'.
"""

import io
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError, WebPImagePlugin

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
MEDIA_TYPES = (JPEG, PNG, PDF)
"""What a file is once it is made anew."""

IMAGES = ("JPEG", "PNG", WebPImagePlugin.WebPImageFile.format, "GIF", "BMP")
"""What is read as an image, by Pillow's names; nothing is guessed beyond them."""

Image.preinit()

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2560
"""In pixels: enough to read a passbook or a receipt."""

QUALITY = 85
MOST_PAGES = 50
DRAWN_OVER = {
    "/Link",
    "/Text",
    "/FreeText",
    "/Highlight",
    "/Underline",
    "/Ink",
    "/Stamp",
    "/Square",
}
"""Annotations that are drawn and do nothing once their actions are gone."""


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
    """A file made anew."""

    media_type: str
    content: bytes


def clean(content: bytes, taken: Collection[str] = MEDIA_TYPES) -> Clean:
    """Return a file made anew. Raises NotTaken, also for a kind that is none of those `taken`."""
    if not content:
        raise NotTaken(Problem.EMPTY)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        if PDF not in taken:
            raise NotTaken(Problem.KIND)
        return Clean(PDF, _pdf(content))
    found = _image(content)
    if found.media_type not in taken:
        raise NotTaken(Problem.KIND)
    return found


def _image(content: bytes) -> Clean:
    try:
        with Image.open(io.BytesIO(content), formats=IMAGES) as image:
            _bounded(image)
            # What is drawn with few colours, such as a signature or a screen, stays sharp as PNG.
            is_drawn = image.format in {"PNG", "GIF"} and image.mode in {
                "1",
                "L",
                "P",
                "LA",
                "RGBA",
            }
            upright = ImageOps.exif_transpose(image)
            plain = _flat(upright)
    except NotTaken:
        raise
    except UnidentifiedImageError:
        raise NotTaken(Problem.KIND) from None
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise NotTaken(Problem.BROKEN) from None
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made = io.BytesIO()
    if is_drawn:
        plain.save(made, "PNG", optimize=True)
        return Clean(PNG, made.getvalue())
    plain.save(made, "JPEG", quality=QUALITY, optimize=True)
    return Clean(JPEG, made.getvalue())


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
            # Pages alone: scripts, attached files, forms and metadata hang on the document.
            made.pages.extend(source.pages)
            for page in made.pages:
                _quiet(page.obj)
            saved = io.BytesIO()
            made.remove_unreferenced_resources()
            made.save(saved, deterministic_id=True, linearize=False)
            return saved.getvalue()
    except pikepdf.PasswordError:
        raise NotTaken(Problem.PROTECTED) from None
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError):
        raise NotTaken(Problem.BROKEN) from None


def _countable(pages: int) -> None:
    if pages > MOST_PAGES:
        raise NotTaken(Problem.TOO_MANY_PAGES, str(MOST_PAGES))
    if not pages:
        raise NotTaken(Problem.BROKEN)


def _quiet(page: pikepdf.Object) -> None:
    """Take from a page whatever does something, and what tells where it comes from."""
    for name in ("/AA", "/Metadata", "/PieceInfo", "/AF", "/B", "/Thumb", "/LastModified"):
        if name in page:
            del page[name]
    kept = []
    for annotation in page.get("/Annots", []):
        if str(annotation.get("/Subtype", "")) in DRAWN_OVER:
            for name in ("/A", "/AA", "/PA", "/Popup", "/FS", "/Parent"):
                if name in annotation:
                    del annotation[name]
            kept.append(annotation)
    if "/Annots" in page:
        page["/Annots"] = pikepdf.Array(kept)
