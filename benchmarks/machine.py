"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """Processor, memory, system and programs; nothing that names the machine itself."""

    processors: int
    processor: str
    memory_gib: float
    system: str
    python: str
    gunicorn: str


def processors() -> int:
    """How many processors there are to use."""
    return len(os.sched_getaffinity(0))


def busy_seconds() -> float:
    """Processor time that anything on this machine has used since it was started."""
    user, nice, system, _, _, interrupts, soft_interrupts, *_ = (
        int(field) for field in Path("/proc/stat").read_text("ascii").split("\n")[0].split()[1:]
    )
    ticks = user + nice + system + interrupts + soft_interrupts
    return ticks / os.sysconf("SC_CLK_TCK")


def describe() -> Machine:
    """This machine."""
    release = platform.freedesktop_os_release()
    return Machine(
        processors=processors(),
        processor=_first_value(Path("/proc/cpuinfo"), "model name"),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=f"{release['PRETTY_NAME']}, Linux {platform.release().split('-')[0]}",
        python=platform.python_version(),
        gunicorn=version("gunicorn"),
    )


def _first_value(path: Path, name: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(found, "unknown")
