"""Scenes for the supervisor's tests: `python -m tests.supervisor.play SCENE FOLDER`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from qiq.supervisor import HttpReady, LineReady, Part, Patience, Supervisor
from qiq.supervisor.journal import Journal
from qiq.supervisor.ports import free_port

QUICK = Patience(
    first_delay=0.05,
    deaths=3,
    start=30,
    stop=5,
    probe_every=0.1,
    probe_answer=0.5,
    probe_misses=2,
)
WEB = """
import http.server, os, sys
open(sys.argv[2], "a").write(f"{os.getpid()}\\n")
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page)
print("web is up", flush=True)
server.serve_forever()
"""
TALKER = """
import os, sys, time
time.sleep(float(sys.argv[3]))
open(sys.argv[2], "a").write(f"{os.getpid()}\\n")
print(sys.argv[1], "is up", flush=True)
time.sleep(600)
"""
FAMILY = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pids = open(sys.argv[1], "a")
pids.write(f"{os.getpid()}\\n")
for _ in range(2):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pids.write(f"{child.pid}\\n")
pids.close()
print("family is up", flush=True)
child.wait()
"""


def script(code: str, *arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *map(str, arguments))


def two_parts(folder: Path) -> list[Part]:
    port = free_port()
    web = script(WEB, port, folder / "web.pids")
    worker = script(TALKER, "worker", folder / "worker.pids", 0)
    ready = HttpReady(f"http://127.0.0.1:{port}/")
    return [
        Part("worker", worker, LineReady("is up"), needs=("web",), patience=QUICK),
        Part("web", web, ready, vital=True, patience=QUICK),
    ]


def dies(_: Path) -> list[Part]:
    command = script("print('no such größe', flush=True); raise SystemExit(3)")
    return [Part("dies", command, LineReady("never"), patience=QUICK)]


def no_such_program(_: Path) -> list[Part]:
    return [Part("ghost", ("/no/such/program",), LineReady("never"), patience=QUICK)]


def grandchildren(folder: Path) -> list[Part]:
    patience = Patience(stop=0.3)
    command = script(FAMILY, folder / "family.pids")
    return [Part("family", command, LineReady("is up"), patience=patience)]


def slow(folder: Path) -> list[Part]:
    command = script(TALKER, "slow", folder / "slow.pids", 3)
    return [Part("slow", command, LineReady("is up"), patience=QUICK)]


def never_ready(folder: Path) -> list[Part]:
    patience = Patience(first_delay=0.05, deaths=2, start=1)
    command = script(TALKER, "deaf", folder / "deaf.pids", 0)
    return [Part("deaf", command, LineReady("a word never said"), patience=patience)]


SCENES = {
    "two parts": two_parts,
    "dies": dies,
    "no such program": no_such_program,
    "grandchildren": grandchildren,
    "slow": slow,
    "never ready": never_ready,
}


def main(scene: str, folder: Path) -> int:
    journal = Journal(folder / "log")
    parts = SCENES[scene](folder)
    return asyncio.run(Supervisor(parts, journal, "open http://127.0.0.1:1/").run())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
