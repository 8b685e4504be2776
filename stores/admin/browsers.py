"""Name browsers in words."""

from __future__ import annotations

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac", "Linux")


def browser_name(agent: str) -> str:
    """Return a browser and its system in words, such as “Firefox on Windows”; else what it says itself."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return f"{browser} on {system}" if browser and system else agent
