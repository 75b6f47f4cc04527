"""Files made anew: what is seen stays, what is told or done besides goes, and nothing crashes."""

import io
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.attachments.cleaning import (
    JPEG,
    LONGEST_SIDE,
    MOST_PAGES,
    PDF,
    PNG,
    NotTaken,
    Problem,
    clean,
)
from core.attachments.jpeg import without_metadata
from tests.core.attachments.files import PLACE, SCRIPT, a_pdf, a_photo


def problem_of(content: bytes, taken: tuple[str, ...] = (JPEG, PNG, PDF)) -> Problem:
    with pytest.raises(NotTaken) as error:
        clean(content, taken)
    return error.value.problem


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_is_turned_upright_and_tells_no_place(format: str) -> None:
    made = clean(a_photo(format))
    with Image.open(io.BytesIO(made.content)) as image:
        assert (image.format, image.size) == ("JPEG", (48, 64))
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert PLACE.encode() not in made.content
    assert made.media_type == JPEG


def test_what_is_drawn_stays_a_png_and_large_ones_become_smaller() -> None:
    drawn = clean(a_photo("PNG", mode="RGBA"), [PNG])
    screen = clean(a_photo("PNG"), [PNG])
    large = clean(a_photo(size=(4000, 3000)))
    assert (drawn.media_type, screen.media_type) == (PNG, PNG)
    with Image.open(io.BytesIO(large.content)) as image:
        assert max(image.size) == LONGEST_SIDE


def test_a_pdf_keeps_its_pages_and_what_was_filled_in_and_does_nothing_any_more() -> None:
    made = clean(a_pdf())
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        (page,) = pdf.pages
        drawn = b"".join(part.read_bytes() for part in page.obj.Contents)
        parts = [part for part in pdf.objects if isinstance(part, pikepdf.Stream)]
        everything = (
            b"".join(
                part.read_raw_bytes() if part.get("/Filter") == "/DCTDecode" else part.read_bytes()
                for part in parts
            )
            + repr(list(pdf.objects)).encode()
        )
        names = {str(name) for part in pdf.objects if isinstance(part, pikepdf.Dictionary)
                 for name, _ in part.items()}  # fmt: skip
        assert set(pdf.Root.keys()) == {"/Pages", "/Type"}
        assert not pdf.attachments
    assert drawn.count(b" Do") == 2
    assert SCRIPT.encode() not in everything
    assert PLACE.encode() not in everything
    assert not names & {"/AA", "/A", "/Annots", "/JS", "/OpenAction", "/Metadata", "/AcroForm"}
    assert made.media_type == PDF


def a_bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is so many pixels wide and high."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content).to_bytes(4)
        return len(content).to_bytes(4) + name + content + check

    head = side.to_bytes(4) * 2 + bytes((8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


def test_files_that_are_too_much_are_refused_before_they_are_decoded() -> None:
    assert {problem_of(a_bomb(side)) for side in (8_000, 100_000)} == {Problem.TOO_LARGE}
    assert problem_of(a_pdf(MOST_PAGES + 1)) is Problem.TOO_MANY_PAGES


def test_each_refusal_says_what_is_wrong() -> None:
    protected = a_pdf(encryption=pikepdf.Encryption(owner="o", user="u"))
    found = {
        "empty": problem_of(b""),
        "words": problem_of(b"MZ\x90 this is no photograph"),
        "renamed": problem_of(a_pdf(), (JPEG, PNG)),
        "other kind": problem_of(a_photo("PNG"), (JPEG,)),
        "gif": problem_of(b"GIF89a" + bytes(30)),
        "truncated": problem_of(a_photo(size=(400, 400))[:900]),
        "cut pdf": problem_of(b"%PDF-1.7\n1 0 obj"),
        "protected": problem_of(protected),
    }
    assert found == {
        "empty": Problem.EMPTY,
        "words": Problem.KIND,
        "renamed": Problem.KIND,
        "other kind": Problem.KIND,
        "gif": Problem.KIND,
        "truncated": Problem.BROKEN,
        "cut pdf": Problem.BROKEN,
        "protected": Problem.PROTECTED,
    }


HEADS = [
    b"",
    b"%PDF-1.4\n",
    b"\xff\xd8\xff\xe1",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x00\x01\x00\x00WEBPVP8 ",
]
FILES = [a_photo("JPEG"), a_photo("PNG"), a_photo("WEBP"), a_pdf()]


@pytest.mark.hypothesis
@given(head=st.sampled_from(HEADS), rest=st.binary(max_size=300))
def test_any_bytes_are_taken_or_refused(head: bytes, rest: bytes) -> None:
    taken_or_refused(head + rest)


@pytest.mark.hypothesis
@given(file=st.sampled_from(FILES), at=st.integers(0, 10_000), put=st.binary(max_size=8))
def test_a_file_that_was_damaged_anywhere_is_taken_or_refused(
    file: bytes, at: int, put: bytes
) -> None:
    place = at % len(file)
    taken_or_refused(file[:place] + put + file[place + len(put) :])
    without_metadata(file[:place] + put)


def taken_or_refused(content: bytes) -> None:
    try:
        made = clean(content)
    except NotTaken:
        return
    assert made.media_type in {JPEG, PNG, PDF}
    assert made.content
