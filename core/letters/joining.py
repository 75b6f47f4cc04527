"""One PDF of many, taken in one after another."""

import hashlib
import io

import pikepdf


class Joined:
    """Takes parts in their order; an image that they share is in the whole once.

    Title and language are those of the first. The same parts give the same bytes.
    """

    def __init__(self) -> None:
        self._whole = pikepdf.new()
        self._parts: list[pikepdf.Pdf] = []
        self._images: dict[bytes, pikepdf.Object] = {}

    def add(self, part: bytes) -> None:
        """Take in the pages of a part, after those that are in already."""
        opened = pikepdf.open(io.BytesIO(part))
        if not self._parts:
            self._whole.trailer.Info = self._whole.copy_foreign(opened.trailer.Info)
            self._whole.Root.Lang = opened.Root.Lang
        self._parts.append(opened)  # Its pages are read from it until the whole is written.
        begin = len(self._whole.pages)
        self._whole.pages.extend(opened.pages)
        self._share(begin)

    def finish(self) -> bytes:
        """Return the whole, to which nothing can be added any more."""
        written = io.BytesIO()
        self._whole.save(
            written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
        return written.getvalue()

    def _share(self, begin: int) -> None:
        """Let pages show the images that earlier ones show, where they are the same."""
        for page in self._whole.pages[begin:]:
            shown = page.obj.Resources.get("/XObject", pikepdf.Dictionary())
            for name, image in list(shown.items()):
                if image.get("/Subtype") == "/Image":
                    mask = image.get("/SMask")
                    said = image.read_raw_bytes() + (mask.read_raw_bytes() if mask else b"")
                    key = hashlib.sha256(said).digest()
                    shown[name] = self._images.setdefault(key, image)
