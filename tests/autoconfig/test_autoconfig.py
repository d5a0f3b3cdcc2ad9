"""A mail program asks by itself and gets the settings the checks have proven."""

import plistlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.testclient import TestClient

from qiq.autoconfig import apple, autodiscover, parse_address, srv
from qiq.autoconfig.routes import routes
from qiq.settings import Settings, load

FIXTURES = Path(__file__).parent / "fixtures"
HOSTED = {"example.com", "xn--mller-kva.example"}
OUTLOOK = f"{{{autodiscover.OUTLOOK}}}"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(Path(__file__).parents[2] / "docs" / "hosting.example.yml")


async def hosted(domain: str) -> bool:
    return domain in HOSTED


@pytest.fixture
def client(settings):
    return TestClient(
        Starlette(routes=routes(settings, hosted)), base_url="https://bot.qiq.example"
    )


def protocols(body: bytes) -> dict[str, dict[str, str]]:
    found = {}
    for element in ET.fromstring(body).iter(f"{OUTLOOK}Protocol"):
        values = {child.tag.removeprefix(OUTLOOK): child.text for child in element}
        found[f"{values['Type']} {values['Port']}"] = values
    return found


def test_thunderbird_gets_servers_in_the_hosts_order(client):
    answer = client.get("/mail/config-v1.1.xml", params={"emailaddress": "jo@example.com"})
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    servers = [
        (s.get("type"), s.findtext("hostname"), s.findtext("port"), s.findtext("socketType"))
        for s in ET.fromstring(answer.content).find("emailProvider")
        if s.tag.endswith("Server")
    ]
    assert servers == [
        ("imap", "mail.qiq.example", "993", "SSL"),
        ("pop3", "mail.qiq.example", "995", "SSL"),
        ("smtp", "mail.qiq.example", "465", "SSL"),
        ("smtp", "mail.qiq.example", "587", "STARTTLS"),
    ]
    assert b"jo@" not in answer.content


def test_thunderbird_asks_by_host_name_alone(settings):
    app = Starlette(routes=routes(settings, hosted))
    client = TestClient(app, base_url="http://autoconfig.example.com")
    found = ET.fromstring(client.get("/mail/config-v1.1.xml").content)
    assert found.findtext("emailProvider/domain") == "example.com"


@pytest.mark.parametrize("name", ["outlook_2016.xml", "outlook_mac.xml", "https_namespaces.xml"])
def test_outlooks_own_requests_are_understood(client, name):
    answer = client.post("/autodiscover/autodiscover.xml", content=(FIXTURES / name).read_bytes())
    found = protocols(answer.content)
    assert found["IMAP 993"]["Encryption"] == "SSL"
    assert found["IMAP 993"]["LoginName"] == "jo@example.com"
    assert found["SMTP 587"]["Encryption"] == "TLS"
    assert {values["SPA"] for values in found.values()} == {"off"}


def test_a_phone_that_wants_activesync_is_told_it_is_not_offered(client):
    body = (FIXTURES / "activesync.xml").read_bytes()
    answer = client.post("/Autodiscover/Autodiscover.xml", content=body)
    assert b"<ErrorCode>601</ErrorCode>" in answer.content


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a><EMailAddress>&b;@example.com</EMailAddress></a>',
        b"<Autodiscover>" + b"x" * 9000 + b"</Autodiscover>",
        b"<Autodiscover><EMailAddress>no address</EMailAddress></Autodiscover>",
    ],
)
def test_a_malformed_request_gets_the_protocols_own_error(client, body):
    answer = client.post("/autodiscover/autodiscover.xml", content=body)
    assert b"<ErrorCode>600</ErrorCode>" in answer.content


def test_new_outlook_finds_the_xml_and_no_activesync(client):
    path = "/autodiscover/autodiscover.json/v1.0/jo@example.com"
    good = client.get(path, params={"Protocol": "AutodiscoverV1"})
    assert good.json()["Url"] == "https://bot.qiq.example/autodiscover/autodiscover.xml"
    other = client.get(path, params={"Protocol": "ActiveSync"})
    assert (other.status_code, other.json()["ErrorCode"]) == (400, "InvalidProtocol")


def test_an_iphone_profile_is_complete_and_holds_no_password(client):
    answer = client.get("/profile/jo@example.com.mobileconfig")
    assert answer.headers["content-type"] == apple.MIME
    mail = plistlib.loads(answer.content)["PayloadContent"][0]
    assert mail["EmailAccountType"] == "EmailTypeIMAP"
    assert (mail["IncomingMailServerPortNumber"], mail["OutgoingMailServerPortNumber"]) == (
        993,
        465,
    )
    assert not [
        key for key in mail if key.endswith("Password") and key[0] in "IO" and "Same" not in key
    ]


def test_the_same_address_gives_the_same_profile(settings):
    address = parse_address("jo@example.com")
    assert apple.profile(address, settings) == apple.profile(address, settings)


def test_a_signed_profile_verifies_with_openssl(settings, tmp_path):
    signer, pem = make_signer(tmp_path)
    signed = tmp_path / "signed"
    signed.write_bytes(apple.profile(parse_address("jo@example.com"), settings, signer))
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-purpose", "any"]
    command += ["-in", str(signed), "-CAfile", str(pem)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert plistlib.loads(done.stdout)["PayloadOrganization"] == "QiQ"


def test_a_key_of_another_certificate_is_refused_by_name(tmp_path):
    make_signer(tmp_path)
    (tmp_path / "other").mkdir()
    make_signer(tmp_path / "other")
    with pytest.raises(apple.BadKey, match="does not belong"):
        apple.Signer.load(tmp_path / "cert.pem", tmp_path / "other" / "key.pem")


def make_signer(folder: Path) -> tuple[apple.Signer, Path]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "QiQ profiles")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(9))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    pem = folder / "cert.pem"
    pem.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    nothing = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, nothing))
    return apple.Signer.load(pem, folder / "key.pem"), pem


@pytest.mark.parametrize("local", ["jo", "nobody", "postmaster"])
def test_no_answer_tells_whether_a_mailbox_exists(client, local):
    def shape(name: str) -> list[str]:
        address = f"{name}@example.com"
        post = autodiscover_request(address)
        answers = [
            client.get("/mail/config-v1.1.xml", params={"emailaddress": address}),
            client.post("/autodiscover/autodiscover.xml", content=post),
            client.get(f"/autodiscover/autodiscover.json/v1.0/{address}?Protocol=AutodiscoverV1"),
        ]
        return [f"{a.status_code} {a.text.replace(address, '?')}" for a in answers]

    assert shape(local) == shape("surely-not-there")


def autodiscover_request(address: str) -> bytes:
    text = (FIXTURES / "outlook_2016.xml").read_text(encoding="utf-8")
    return text.replace("jo@example.com", address).encode()


@pytest.mark.parametrize("domain", ["elsewhere.example", "localhost", "127.0.0.1", "a b", ""])
def test_other_domains_get_nothing(client, domain):
    answer = client.get("/mail/config-v1.1.xml", params={"emailaddress": f"jo@{domain}"})
    assert answer.status_code in {400, 404}


def test_a_domain_with_umlauts_is_found_in_both_spellings(client):
    for domain in ("müller.example", "xn--mller-kva.example"):
        answer = client.get("/mail/config-v1.1.xml", params={"emailaddress": f"jo@{domain}"})
        assert b"xn--mller-kva.example" in answer.content


def test_srv_records_name_every_server_in_order(settings):
    found = {r.name: r.value for r in srv.records("example.com", settings, "bot.qiq.example")}
    assert found["_imaps._tcp.example.com"] == "0 1 993 mail.qiq.example."
    assert found["_submissions._tcp.example.com"] == "0 1 465 mail.qiq.example."
    assert found["_submission._tcp.example.com"] == "10 1 587 mail.qiq.example."
    assert found["autoconfig.example.com"] == "bot.qiq.example."


CLIENTS = {
    "Thunderbird, and Thunderbird for Android": (
        "https://autoconfig.example.com",
        "/mail/config-v1.1.xml?emailaddress=jo%40example.com",
    ),
    "Thunderbird, second try": (
        "http://example.com",
        "/.well-known/autoconfig/mail/config-v1.1.xml",
    ),
    "K-9 Mail": (
        "https://example.com",
        "/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=jo@example.com",
    ),
    "KMail": ("http://autoconfig.example.com", "/mail/config-v1.1.xml"),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_each_clients_own_address_answers_for_the_domain(name, settings):
    base, path = CLIENTS[name]
    client = TestClient(Starlette(routes=routes(settings, hosted)), base_url=base)
    answer = client.get(path)
    assert answer.status_code == 200
    provider = ET.fromstring(answer.content).find("emailProvider")
    assert provider.get("id") == "example.com"
    assert provider.find("incomingServer/username").text == "%EMAILADDRESS%"


def test_outlooks_json_request_in_both_forms(client):
    query = {"Email": "jo@example.com", "Protocol": "AutodiscoverV1", "RedirectCount": "1"}
    by_query = client.get("/autodiscover/autodiscover.json", params=query)
    by_path = client.get("/autodiscover/autodiscover.json/v1.0/jo%40example.com", params=query)
    assert by_query.json() == by_path.json()
    assert by_path.json()["Protocol"] == "AutodiscoverV1"


def test_only_the_domain_is_ever_looked_up(settings):
    """The way to an answer is the same for every mailbox: nothing else is asked, so nothing else
    can be told, or take longer."""
    asked = []

    async def note(domain: str) -> bool:
        asked.append(domain)
        return True

    client = TestClient(Starlette(routes=routes(settings, note)), base_url="https://bot.example")
    for local in ("jo", "surely-not-there"):
        client.get(f"/profile/{local}@example.com.mobileconfig")
        client.post("/autodiscover/autodiscover.xml",
                    content=autodiscover_request(f"{local}@example.com"))  # fmt: skip
        client.get("/mail/config-v1.1.xml", params={"emailaddress": f"{local}@example.com"})
    assert asked == ["example.com"] * 6
