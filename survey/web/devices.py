"""What a browser says of itself, in words its owner would use."""

from __future__ import annotations

BROWSERS = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
)
"""In this order: most browsers also name those they descend from."""

SYSTEMS = (
    ("iphone", "an iPhone"),
    ("ipad", "an iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("cros", "a Chromebook"),
    ("mac os x", "a Mac"),
    ("linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """A browser and where it runs.

    >>> device_words("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0")
    'Firefox on Windows'
    >>> device_words("")
    'An unknown browser'
    """
    said = user_agent.lower()[:500]
    browser = next((name for mark, name in BROWSERS if mark in said), "")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    if not browser and not system:
        return "An unknown browser"
    if not system:
        return browser
    return f"{browser or 'A browser'} on {system}"
