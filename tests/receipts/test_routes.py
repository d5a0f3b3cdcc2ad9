"""The link with a diagnosis opens a page and a PDF, and nothing else opens."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from qiq.desk import Desk
from qiq.gateway import receipts
from qiq.gateway.receipt_link import with_link
from qiq.knowledge import load as load_knowledge
from qiq.settings import load
from tests.receipts.test_receipt import payload

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(f"sqlite:///{tmp_path}/desk.db")


@pytest.fixture
def client(desk) -> TestClient:
    settings = load(ROOT / "docs/hosting.example.yml")
    house = SimpleNamespace(desk=desk, settings=settings, say=load_knowledge().say)
    return TestClient(Starlette(routes=receipts.routes(house)))


def test_a_diagnosis_gets_a_link_that_opens_page_and_pdf(desk, client):
    link = with_link(desk, payload(type="diagnosis"), None)["receipt"]
    page = client.get(link)
    assert page.status_code == 200
    assert "Server health receipt" in page.text
    assert "noindex" in page.headers["x-robots-tag"]
    assert client.get(f"{link}.pdf").content.startswith(b"%PDF-")
    assert client.get("/receipt/receipt.css").headers["content-type"].startswith("text/css")


def test_with_a_public_address_the_link_works_in_a_messenger_too(desk):
    link = with_link(desk, payload(type="diagnosis"), "https://bot.qiq.example")["receipt"]
    assert link.startswith("https://bot.qiq.example/receipt/")


@pytest.mark.parametrize(
    "custom", [None, {"type": "settings"}, {"type": "diagnosis", "checks": []}]
)
def test_what_is_no_diagnosis_with_checks_gets_no_link(desk, custom):
    assert with_link(desk, custom, None) == custom


@pytest.mark.parametrize("token", ["nope", "..", "%2e%2e%2fdesk.db", "a" * 500])
def test_a_made_up_link_opens_nothing(client, token):
    answer = client.get(f"/receipt/{token}")
    assert answer.status_code == 404
    assert "Server health receipt" not in answer.text
