"""Which processes make up the product."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from qiq.stack.environment import Ports, lab_folder, of_lab, shared
from qiq.stack.options import Options
from qiq.supervisor import HttpReady, LineReady, Part


def parts(options: Options) -> list[Part]:
    """Rasa first: it takes longest and needs nobody. Gateway and actions read the lab's settings,
    so they follow the embedded lab; without one they start at once too."""
    ports = Ports.choose()
    common = shared(options, ports)

    def with_lab() -> Mapping[str, str]:
        return {**common, **of_lab(options)}

    needs = () if options.hosting else ("lab",)
    found = [_rasa(options, ports, common)]
    if options.hosting is None:
        found.append(_lab(options, common))
    actions = Part(
        name="actions",
        command=(
            sys.executable,
            "-m",
            "actions",
            "--port",
            str(ports.actions),
        ),
        ready=HttpReady(f"http://127.0.0.1:{ports.actions}/health"),
        needs=needs,
        environment=with_lab,
        folder=options.folder,
    )
    gateway = Part(
        name="gateway",
        command=_gateway_command(options),
        ready=HttpReady(f"http://{_dialled(options.host)}:{options.port}/health"),
        needs=needs,
        environment=with_lab,
        folder=options.folder,
        vital=True,
    )
    return [*found, actions, gateway]


def _rasa(options: Options, ports: Ports, common: Mapping[str, str]) -> Part:
    command = (str(options.rasa_python), "-m", "bot", "serve", "--port", str(ports.rasa))
    api = ("--api",) if options.dev_rest else ()
    return Part(
        name="rasa",
        command=(*command, "--model", str(options.model), *api),
        ready=HttpReady(f"http://127.0.0.1:{ports.rasa}/webhooks/gateway/health"),
        environment=lambda: common,
        folder=options.folder,
    )


def _lab(options: Options, common: Mapping[str, str]) -> Part:
    folder = lab_folder(options)
    folder.mkdir(parents=True, exist_ok=True)
    return Part(
        name="lab",
        command=(sys.executable, "-m", "lab", "--state", str(folder)),
        ready=LineReady('"ready": true'),
        environment=lambda: common,
        folder=options.folder,
    )


def _gateway_command(options: Options) -> tuple[str, ...]:
    base = (
        sys.executable,
        "-m",
        "qiq.gateway",
        "--host",
        options.host,
        "--port",
        str(options.port),
    )
    return (*base, "--dev-rest") if options.dev_rest else base


def _dialled(host: str) -> str:
    """The address to ask for health when listening on all of them."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
