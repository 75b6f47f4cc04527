"""Files to upload: harmless ones, and such as people should not send."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ExifTags, Image

PLACE = "Soja City Hall 34.67"
SCRIPT = "app.alert('x')"


def a_photo(format: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB") -> bytes:
    """A photograph with its place, its camera and its orientation in EXIF."""
    image = Image.new(mode, size, "red")
    image.putpixel((0, 0), 0 if len(mode) == 1 else (0, 0, 255, 255)[: len(mode)])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.ImageDescription] = PLACE
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (34.0, 40.0, 12.0)
    file = io.BytesIO()
    image.save(file, format, exif=exif, **({"comment": PLACE} if format == "JPEG" else {}))
    return file.getvalue()


def a_pdf(pages: int = 1, **save) -> bytes:
    """A PDF with a script, an attached file, a form, a link, metadata, and a photograph in it."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0]
    photo = pdf.make_stream(
        a_photo(),
        Type=Name.XObject, Subtype=Name.Image, Width=64, Height=48, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode,
    )  # fmt: skip
    photo.Metadata = pdf.make_stream(PLACE.encode())
    page.Resources = Dictionary(XObject=Dictionary(Im0=photo))
    page.Contents = pdf.make_stream(b"q 64 0 0 48 10 10 cm /Im0 Do Q")
    does = Dictionary(S=Name.JavaScript, JS=SCRIPT)
    drawn = pdf.make_stream(
        b"0 0 1 rg 0 0 20 20 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 20, 20]
    )
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="who", V="SojaTaro", F=4,
            Rect=[100, 100, 120, 120], AP=Dictionary(N=drawn), AA=Dictionary(K=does),
        )
    )  # fmt: skip
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=does)
    page.Annots = Array([field, pdf.make_indirect(link)])
    page.AA = Dictionary(O=does)
    pdf.Root.OpenAction = does
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    pdf.attachments["evil.exe"] = b"MZ" + SCRIPT.encode()
    pdf.docinfo["/Author"] = PLACE
    file = io.BytesIO()
    pdf.save(file, **save)
    return file.getvalue()
