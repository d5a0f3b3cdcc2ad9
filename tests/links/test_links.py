"""The link checker against a real web server on loopback."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from typer.testing import CliRunner

from qiq.cli.links import app
from qiq.knowledge import load
from qiq.links.check import Manners, check_links
from qiq.links.collect import Link, collect
from qiq.links.model import Found, State
from tests.links.site import Site, serve

ROOT = Path(__file__).resolve().parents[2]
QUICK = Manners(pause=0, timeout=5)
PAGES = {
    "/gone": (404, ""),
    "/withdrawn": (410, ""),
    "/moved": (301, "/new-home"),
    "/for-now": (302, "/somewhere"),
    "/start-page": (302, "/"),
    "/?lang=en": (302, "/"),
    "/circle": (302, "/circle"),
    "/no-head": (405, ""),
    "/members-only": (403, ""),
    "/busy": (503, ""),
}


def look(site: Site, *paths: str) -> dict[str, Found]:
    links = [Link(site.url(path), ("here",)) for path in paths]
    found = check_links(links, QUICK, lambda _: None)
    return {one.link.url.split(str(site.port))[1]: one for one in found}


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/fine", State.OK),
        ("/no-head", State.OK),
        ("/for-now", State.OK),
        ("/?lang=en", State.OK),
        ("/gone", State.GONE),
        ("/withdrawn", State.GONE),
        ("/circle", State.GONE),
        ("/moved", State.MOVED),
        ("/start-page", State.MOVED),
        ("/members-only", State.CANNOT_TELL),
        ("/busy", State.CANNOT_TELL),
    ],
)
def test_each_kind_of_answer_has_its_own_state(path: str, state: State) -> None:
    with serve(PAGES) as site:
        assert look(site, path)[path].state is state


def test_a_moved_page_names_its_new_address() -> None:
    with serve(PAGES) as site:
        found = look(site, "/moved")["/moved"]
        assert found.moved_to == site.url("/new-home")
        assert "now at" in found.line()


def test_nobody_listening_is_no_verdict() -> None:
    with serve({}) as site:
        address = site.url("/x")
    (found,) = check_links([Link(address, ())], QUICK, lambda _: None)
    assert found.state is State.CANNOT_TELL
    assert "no answer" in found.detail


def test_robots_txt_is_respected() -> None:
    with serve({}, robots="User-agent: *\nDisallow: /private\n") as site:
        found = look(site, "/private/page", "/open")
        assert found["/private/page"].state is State.NOT_ASKED
        assert found["/open"].state is State.OK
        assert not any("/private" in asked for asked in site.asked)


def test_a_site_whose_rules_cannot_be_read_is_left_alone() -> None:
    with serve({"/robots.txt": (503, "")}) as site:
        assert look(site, "/page")["/page"].state is State.NOT_ASKED
        assert site.asked == ["GET /robots.txt"]


def test_one_site_is_asked_one_page_at_a_time_and_its_rules_once() -> None:
    with serve({}) as site:
        look(site, *(f"/{n}" for n in range(6)))
        assert site.asked.count("GET /robots.txt") == 1
        assert site.asked[1:] == [f"HEAD /{n}" for n in range(6)]


def test_no_more_sites_at_once_than_allowed() -> None:
    most, now = 0, 0
    lock = threading.Lock()

    def heard(_: Found) -> None:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, len([t for t in threading.enumerate() if "ThreadPool" in t.name]))

    with serve({}) as one, serve({}) as two, serve({}) as three:
        links = [Link(site.url("/a"), ()) for site in (one, two, three)]
        check_links(links, Manners(sites_at_once=2, pause=0), heard)
    assert now == 3
    assert most <= 2


def test_every_door_of_every_referral_is_collected() -> None:
    known = load()
    urls = {link.url for link in collect(known)}
    for referral in known.referrals.values():
        assert set(referral.doors()) <= urls
    assert len(collect(known, sources=True)) > len(urls)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def https(authority: trustme.CA) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with serve({"/en-us/102556": (404, "")}, tls=context) as site:
        yield site


@pytest.fixture
def knowledge(tmp_path: Path, https: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real files, with every address leading to the local server."""
    monkeypatch.setenv("QIQ_STATE", str(tmp_path / "state"))
    folder = Path(shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge"))
    file = folder / "referrals.yml"
    text = re.sub(
        r"https://[\w.-]+", f"https://localhost:{https.port}", file.read_text(encoding="utf-8")
    )
    file.write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, tmp_path: Path, authority: trustme.CA, *more: str) -> tuple[int, str]:
    roots = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(roots))
    command = ["--root", str(folder), "--pause", "0", "--trust-roots", str(roots), *more]
    result = CliRunner().invoke(app, command)
    return result.exit_code, result.stdout


def test_the_command_reports_what_is_gone_and_where_it_is_used(
    knowledge: Path, tmp_path: Path, authority: trustme.CA
) -> None:
    code, said = run(knowledge, tmp_path, authority)
    assert code == 1
    assert re.search(r"^gone +https://localhost:\d+/en-us/102556 \(status 404\)$", said, re.M)
    assert "referrals.yml: apple-mail, support" in said
    assert "1 gone" in said


def test_the_command_prints_json(knowledge: Path, tmp_path: Path, authority: trustme.CA) -> None:
    _, said = run(knowledge, tmp_path, authority, "--json")
    rows = json.loads(said)
    assert {row["state"] for row in rows} == {"ok", "gone"}


def test_only_entries_whose_links_are_all_there_get_a_new_date(
    knowledge: Path, tmp_path: Path, authority: trustme.CA
) -> None:
    file = knowledge / "referrals.yml"
    old = file.read_text(encoding="utf-8").replace('checked: "2026-11-23"', 'checked: "2026-01-01"')
    file.write_text(old, encoding="utf-8")
    run(knowledge, tmp_path, authority, "--stamp")
    again = load(knowledge.rename(tmp_path / "again"))
    assert again.referral("apple-mail").checked == "2026-01-01"
    assert again.referral("mozilla-thunderbird").checked > "2026-01-01"
    assert again.referral("developer").checked == "2026-01-01"


def test_without_internet_nothing_is_called_gone(
    knowledge: Path, tmp_path: Path, authority: trustme.CA
) -> None:
    file = knowledge / "referrals.yml"
    with serve({}) as closed:
        nowhere = re.sub(r"localhost:\d+", f"localhost:{closed.port}", file.read_text())
    file.write_text(nowhere, encoding="utf-8")
    code, said = run(knowledge, tmp_path, authority)
    assert code == 0
    assert "No site could be reached" in said


def test_bad_knowledge_is_bad_input(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--root", str(tmp_path)])
    assert result.exit_code == 2
