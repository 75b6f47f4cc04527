"""Takes metadata out of a JPEG without decoding it, as for photographs within a PDF."""

START, SCAN = 0xD8, 0xDA
COMMENT = 0xFE
APPLICATIONS = range(0xE1, 0xF0)
"""APP1 to APP15: EXIF with places and times, XMP, IPTC. APP0 is the format's own head."""

ADOBE = 0xEE
"""APP14 says how colours are to be read, and nothing else."""


def without_metadata(content: bytes) -> bytes:
    """Return the JPEG without metadata; what is no JPEG as it is.

    https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1: segments of 0xFF, a marker and a length, up to
    the scan.
    """
    if content[:2] != bytes((0xFF, START)):
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # Filling before a marker.
            at += 1
            continue
        if marker == SCAN:
            break
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == ADOBE or marker not in {COMMENT, *APPLICATIONS}:
            kept.append(content[at:end])
        at = end
    return b"".join([*kept, content[at:]])
