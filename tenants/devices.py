"""A browser's name as its owner would say it: "WeChat · iPhone"."""

APPS = [
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
MACHINES = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
]


def device_name(user_agent: str) -> str:
    """Short and friendly; "" when nothing is recognised."""
    names = [next((name for mark, name in table if mark in user_agent), "") for table in (APPS, MACHINES)]
    return " · ".join(name for name in names if name)
