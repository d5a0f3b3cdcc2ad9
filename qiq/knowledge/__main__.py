"""``python -m qiq.knowledge [FOLDER]``: checks the files and counts what is in them."""

from __future__ import annotations

import sys

from qiq.knowledge import Knowledge, KnowledgeError, load
from qiq.knowledge.causes import CauseError


def cause_problems(known: Knowledge) -> list[str]:
    """What is wrong with the catalogue of causes, and with the doors it names."""
    try:
        causes = known.causes
    except CauseError as err:
        return [str(err)]
    return [
        f"causes/: entry '{code}', field 'referrals': '{name}' does not exist. "
        "Fix: name an id of referrals.yml."
        for code, cause in causes.items()
        for name in cause.referrals
        if name not in known.referrals
    ]


def main(argv: list[str]) -> int:
    """Prints a summary, or every problem on a line of its own; exit status 1 when there is one."""
    try:
        known = load(argv[0] if argv else None)
        wrong = cause_problems(known)
    except KnowledgeError as err:
        wrong = list(err.problems)
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        print(f"{len(wrong)} problem(s)", file=sys.stderr)
        return 1
    counts = {
        "referrals": len(known.referrals),
        "errors": len(known.errors.entries),
        "patterns": len(known.errors.patterns),
        "first-aid steps": len(known.steps),
        "kinds of trouble": len(known.troubles),
        "mail programs": len(known.clients),
        "set-up guides": sum(len(g) for g in known.guides.values()),
        "scripts": len(known.scripts),
        "scope lines": len(known.scopes),
        "causes": len(known.causes),
        "sentences": len(known.wording),
        "names people use": sum(
            len(a.names) + len(a.exact) for g in known.aliases.values() for a in g
        ),
    }
    for name, count in counts.items():
        print(f"{count:6}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
