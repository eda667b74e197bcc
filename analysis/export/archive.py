"""Archives whose bytes depend on their content alone: every time in them is fixed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

EPOCH = (1980, 1, 1, 0, 0, 0)


def with_fixed_times(
    archive: bytes, *, change: Callable[[str, bytes], bytes] | None = None
) -> bytes:
    """The same archive with the same members in the same order, and no time of writing in it.

    `change` is given each member's name and content and returns what is kept. A member that was
    stored without compression stays so, as the first member of an open document must.
    """
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(fixed, "w") as after:
        for member in before.infolist():
            entry = zipfile.ZipInfo(member.filename, date_time=EPOCH)
            entry.compress_type = member.compress_type
            content = before.read(member)
            after.writestr(entry, content if change is None else change(member.filename, content))
    return fixed.getvalue()
