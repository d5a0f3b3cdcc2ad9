"""Mozilla autoconfig (draft-ietf-mailmaint-autoconfig): ``config-v1.1.xml``."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from qiq.settings import Settings
from qiq.settings.mail import MailServer

SOCKET = {"tls": "SSL", "starttls": "STARTTLS"}


def config(domain: str, settings: Settings) -> bytes:
    """The file for ``domain``, UTF-8 XML. The user name is always the full address."""
    root = ET.Element("clientConfig", version="1.1")
    provider = ET.SubElement(root, "emailProvider", id=domain)
    _text(provider, "domain", domain)
    _text(provider, "displayName", settings.brand.name)
    _text(provider, "displayShortName", settings.brand.name)
    for server in settings.mail.incoming:
        _server(provider, "incomingServer", server)
    for server in settings.mail.outgoing:
        _server(provider, "outgoingServer", server)
    guide = ET.SubElement(provider, "documentation", url=settings.brand.site)
    _text(guide, "descr", f"Help from {settings.brand.name}").set("lang", "en")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _server(provider: ET.Element, tag: str, server: MailServer) -> None:
    element = ET.SubElement(provider, tag, type=server.protocol)
    _text(element, "hostname", server.host)
    _text(element, "port", str(server.port))
    _text(element, "socketType", SOCKET[server.security])
    # "cleartext" is the password inside TLS; encrypted mechanisms would need readable passwords.
    _text(element, "authentication", "password-cleartext")
    _text(element, "username", "%EMAILADDRESS%")


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, tag)
    element.text = text
    return element
