"""A host who mistypes hosting.yml is told where, what and how to mend it."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import yaml

from qiq.settings import MissingSecret, SettingsError, load, reference

GOOD = """\
version: 1
servers:
  - id: server1
    names: [mail.qiq.example]
    addresses: [192.0.2.10, "2001:db8::/64"]
    services: [imaps, submissions, https]
mail:
  incoming:
    - {protocol: imap, host: mail.qiq.example, port: 993, security: tls}
  outgoing:
    - {protocol: smtp, host: mail.qiq.example, port: 465, security: tls}
  mx: [mail.qiq.example]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "hosting.yml"
    path.write_text(text, encoding="utf-8")
    return path


def problem(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(write(folder, text))
    return str(caught.value)


def test_a_short_file_is_enough(tmp_path):
    settings = load(write(tmp_path, GOOD))
    assert settings.brand.name == "QiQ"
    assert settings.network.port("imaps") == 993
    assert settings.goodwill.steps == 4


def test_an_address_is_known_as_the_servers_or_not(tmp_path):
    settings = load(write(tmp_path, GOOD))
    assert settings.server_of("2001:db8::7").id == "server1"
    assert settings.server_of("192.0.2.11") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "fix"),
    [
        ("mx: [", "mxs: [", 12, "mail.mxs", "did you mean 'mx'?"),
        ("version: 1", "version: 2", 1, "version", "got 2"),
        ("192.0.2.10", "192.0.2.10/24", 5, "servers.0.addresses.0", "192.0.2.0/28"),
        ("port: 993", "port: 99300", 9, "mail.incoming.0.port", "65535"),
        ("imaps,", "imapz,", 6, "servers.0.services.0", "'imaps'"),
        ("  mx:", "hours: {opens: '18:00'}\n  mx:", 13, "(syntax)", "indentation"),
        ("version: 1", "version: 1\nversion: 1", 2, "version", "given twice"),
        ("version: 1", "version: 1\nhours: {opens: '18:00'}", 2, "hours", "earlier"),
        ("version: 1", "version: 1\nhours: {timezone: Moon/Base}", 2, "hours.timezone", "Europe"),
        ("id: server1", "ids: server1", 3, "servers.0.ids", "did you mean 'id'?"),
        ("imap, host: mail.qiq.example", "imap, host: 'h://x'", 9, "mail.incoming.0.host", "port"),
    ],
)  # fmt: skip
def test_every_error_names_line_key_and_fix(tmp_path, old, new, line, key, fix):
    text = problem(tmp_path, GOOD.replace(old, new, 1))
    assert f"hosting.yml:{line}: {key}: " in text
    assert fix in text


def test_every_problem_is_reported_at_once(tmp_path):
    text = problem(tmp_path, GOOD.replace("port: 993", "port: 0").replace("port: 465", "port: 0"))
    assert text.count("\n") == 1


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(SettingsError, match="QIQ_HOSTING"):
        load(tmp_path / "nothing.yml")


def test_a_secret_put_into_the_file_is_refused_and_not_repeated(tmp_path):
    text = problem(
        tmp_path,
        GOOD + "hosting: {adapter: whm, url: 'https://x.example', user: r, token_env: s3cr3t}\n",
    )
    assert "hosting.token_env" in text
    assert "s3cr3t" not in text


def test_a_secret_that_is_not_set_names_its_variable(tmp_path, monkeypatch):
    monkeypatch.delenv("QIQ_TOKEN", raising=False)
    with pytest.raises(MissingSecret, match="QIQ_TOKEN"):
        load(write(tmp_path, GOOD)).secret("QIQ_TOKEN")


def test_opening_hours_follow_the_hosts_own_clock(tmp_path):
    hours = load(write(tmp_path, GOOD)).hours
    assert hours.open_at(datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    assert not hours.open_at(datetime(2026, 11, 23, 17, 30, tzinfo=ZoneInfo("Europe/London")))
    assert not hours.open_at(datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/London")))


def test_the_pages_made_from_the_models_are_current():
    docs = Path(__file__).parents[2] / "docs"
    assert (docs / "settings.md").read_text(encoding="utf-8") == reference.reference() + "\n"
    assert (docs / "hosting.schema.json").read_text(encoding="utf-8") == reference.schema()


def test_the_example_file_is_good_for_the_loader_and_the_schema():
    docs = Path(__file__).parents[2] / "docs"
    load(docs / "hosting.example.yml")
    data = yaml.safe_load((docs / "hosting.example.yml").read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(reference.schema()))
