"""Memory of a process and all it started, from /proc (Linux)."""

from __future__ import annotations

from pathlib import Path

PARTS = {
    "bot serve": "rasa",
    "-m actions": "actions",
    "-m qiq.gateway": "gateway",
    "-m lab": "lab",
    "guard.py": "guard",
}


def by_part(supervisor: int) -> dict[str, int]:
    """Part → resident megabytes, the supervisor included."""
    found: dict[str, int] = {}
    for pid in [supervisor, *_descendants(supervisor)]:
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            status = Path(f"/proc/{pid}/status").read_text()
        except FileNotFoundError:
            continue
        kilobytes = next(int(row.split()[1]) for row in status.splitlines() if "VmRSS" in row)
        name = next((name for mark, name in PARTS.items() if mark in line), "supervisor")
        found[name] = found.get(name, 0) + kilobytes // 1024
    return found


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [one for child in children for one in (int(child), *_descendants(int(child)))]
