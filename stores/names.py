"""Names of anything: what nobody can see of them, and what would turn round the text beside them."""

import re

# Controls, without those that are white space.
CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
# What Unicode ignores by default, and letters and signs that are drawn as nothing.
FORMATS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
INVISIBLE = re.compile(f"[{FORMATS}]")
_VISIBLE = re.compile(rf"[^\s{CONTROLS}{FORMATS}]")
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def is_visible(text: str) -> bool:
    """Return whether the text has a character that somebody can see."""
    return _VISIBLE.search(text) is not None


def clean_name(text: str) -> str:
    """The trimmed name without bidirectional controls, which would turn round what is shown beside it.

    It is blank when nobody could see anything of it.
    """
    name = text if text.isascii() else _BIDI_CONTROLS.sub("", text)
    return name.strip() if is_visible(name) else ""
