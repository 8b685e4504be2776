"""The fonts of statements, by the scripts that they have."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
REGULAR, BOLD = FOLDER / "DejaVuSans.ttf", FOLDER / "DejaVuSans-Bold.ttf"

# The scripts that DejaVu Sans lacks: file name, and ranges of code points.
IDEOGRAPHS = (
    (0x2E80, 0x312F), (0x3190, 0x33FF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
OTHER_SCRIPTS: dict[str, tuple[tuple[int, int], ...]] = {
    "DroidSansFallback": IDEOGRAPHS,
    "ClienteleHangul": ((0x3130, 0x318F), (0xAC00, 0xD7AF)),
    "NotoSansDevanagari": ((0x0900, 0x097F),),
    "NotoSansBengali": ((0x0980, 0x09FF),),
    "NotoSansGurmukhi": ((0x0A00, 0x0A7F),),
    "NotoSansGujarati": ((0x0A80, 0x0AFF),),
    "NotoSansTamil": ((0x0B80, 0x0BFF),),
    "NotoSansTelugu": ((0x0C00, 0x0C7F),),
    "NotoSansKannada": ((0x0C80, 0x0CFF),),
    "NotoSansMalayalam": ((0x0D00, 0x0D7F),),
    "NotoSansSinhala": ((0x0D80, 0x0DFF),),
    "NotoSansThai": ((0x0E00, 0x0E7F),),
    "NotoSansLao": ((0x0E80, 0x0EFF),),
    "NotoSansMyanmar": ((0x1000, 0x109F),),
    "NotoSansEthiopic": ((0x1200, 0x139F),),
    "NotoSansKhmer": ((0x1780, 0x17FF),),
}  # fmt: skip


def fonts_beside(text: str) -> list[str]:
    """Return the names of the fonts that a text needs beside DejaVu Sans."""
    points = {ord(char) for char in text if ord(char) > 0x0800}
    return [
        name
        for name, ranges in OTHER_SCRIPTS.items()
        if any(low <= point <= high for point in points for low, high in ranges)
    ]


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.ttf"
