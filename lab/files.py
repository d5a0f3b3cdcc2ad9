"""The files a running lab leaves for others: hosting.yml, accounts.yml, ca.pem, lab.json."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jinja2
import yaml

from lab.hosts import HOSTS

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_TEMPLATE = Path(__file__).with_name("hosting.yml.j2")


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Nobody ever reads half a file: written beside, then renamed."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)


def render_hosting(ports: dict[str, int], registry_port: int, ca_path: Path) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    text = template.render(
        hosts=HOSTS, ports=ports, registry_port=registry_port, ca_path=json.dumps(str(ca_path))
    )
    return text + "\n"


def accounts_text(accounts: dict[str, Any]) -> str:
    """``accounts.yml`` as the file adapter reads it (docs/accounts.md)."""
    listed = []
    for domain, facts in accounts["domains"].items():
        boxes = [{"address": f"{n}@{domain}", **box} for n, box in facts["mailboxes"].items()]
        listed.append({"domain": domain, **facts, "mailboxes": boxes})
    value = {
        "version": 1,
        "accounts": listed,
        "blocks": accounts["blocks"],
        "services": accounts["services"],
    }
    return str(yaml.dump(value, Dumper=_DUMPER, sort_keys=False, allow_unicode=True))


def lab_text(url: str, token: str, environment: dict[str, str]) -> str:
    value = {"url": url, "token": token, "pid": os.getpid(), "environment": environment}
    return json.dumps(value, indent=1) + "\n"
