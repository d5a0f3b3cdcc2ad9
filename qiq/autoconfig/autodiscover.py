"""Microsoft Autodiscover: the POX form (MS-OXDSCLI) and the v2 JSON form new Outlook asks first."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from qiq.autoconfig.address import Address, BadAddress, parse_address
from qiq.settings import Settings
from qiq.settings.mail import MailServer

MAX_BYTES = 8192
ENVELOPE = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
OUTLOOK = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
ENCRYPTION = {"tls": "SSL", "starttls": "TLS"}
TYPE = {"imap": "IMAP", "pop3": "POP3", "smtp": "SMTP"}


@dataclass(frozen=True)
class Refused(Exception):
    """The request cannot be served: Autodiscover's own code (600 invalid, 601 not offered)."""

    code: int
    message: str


def read_request(body: bytes) -> Address:
    """The address asked about. Raises ``Refused`` for anything but a request for mail settings."""
    if len(body) > MAX_BYTES:
        raise Refused(600, "Invalid Request")
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ET.ParseError, DefusedXmlException, ValueError) as error:
        raise Refused(600, "Invalid Request") from error
    # Namespaces differ between clients (http and https, outlook and mobilesync): read local names.
    values = {
        element.tag.rpartition("}")[2]: (element.text or "").strip() for element in root.iter()
    }
    schema = values.get("AcceptableResponseSchema", OUTLOOK)
    if "outlook/responseschema" not in schema:
        raise Refused(601, "Provider is not available")
    try:
        return parse_address(values.get("EMailAddress", ""))
    except BadAddress as error:
        raise Refused(600, "Invalid Request") from error


def answer(address: Address, settings: Settings) -> bytes:
    """Settings for ``address``, UTF-8 XML."""
    root, response = _response(OUTLOOK)
    _text(_text(response, "User"), "DisplayName", str(address))
    account = _text(response, "Account")
    _text(account, "AccountType", "email")
    _text(account, "Action", "settings")
    for server in (*settings.mail.incoming, *settings.mail.outgoing):
        _protocol(account, server, address)
    return _bytes(root)


def refusal(refused: Refused) -> bytes:
    """The protocol's own error answer."""
    root, response = _response(ENVELOPE)
    error = _text(response, "Error")
    _text(error, "ErrorCode", str(refused.code))
    _text(error, "Message", refused.message)
    _text(error, "DebugData")
    return _bytes(root)


def answer_json(protocol: str, settings: Settings, base_url: str) -> tuple[int, dict[str, str]]:
    """HTTP status and body of Autodiscover v2.

    Anything but ``AutodiscoverV1`` is refused as Exchange does. An invented ActiveSync answer
    would make new Outlook give up although IMAP works.
    """
    if protocol.lower() == "autodiscoverv1":
        url = f"{base_url}/autodiscover/autodiscover.xml"
        return 200, {"Protocol": "AutodiscoverV1", "Url": url}
    message = "The given protocol value is invalid. Supported values are 'AutodiscoverV1'."
    return 400, {"ErrorCode": "InvalidProtocol", "ErrorMessage": message}


def _protocol(account: ET.Element, server: MailServer, address: Address) -> None:
    element = _text(account, "Protocol")
    _text(element, "Type", TYPE[server.protocol])
    _text(element, "Server", server.host)
    _text(element, "Port", str(server.port))
    _text(element, "DomainRequired", "off")
    _text(element, "LoginName", str(address))
    _text(element, "SPA", "off")
    _text(element, "SSL", "on")
    _text(element, "Encryption", ENCRYPTION[server.security])
    _text(element, "AuthRequired", "on")
    if server.protocol == "smtp":
        _text(element, "UsePOPAuth", "on")
        _text(element, "SMTPLast", "off")


def _response(namespace: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("Autodiscover", xmlns=ENVELOPE)
    return root, ET.SubElement(root, "Response", xmlns=namespace)


def _text(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, tag)
    element.text = text
    return element


def _bytes(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
