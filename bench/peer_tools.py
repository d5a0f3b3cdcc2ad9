"""Runs checkdmarc and sslyze in an environment of their own: a question a line, an answer a line.

Question: ``{"domain", "resolver": [address, port], "ca", "tls": [[host, address, port,
"smtp"|"imap"|"pop3"|null], …]}``. The process stays, as a service of theirs would; what they
remember of earlier answers is forgotten before each question. sslyze is AGPL: it is only ever run
beside, never imported by the product.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def policy(question: dict[str, Any]) -> dict[str, Any]:
    """The parts of ``check_domains`` that we have as well, in its order."""
    import dns.resolver
    from checkdmarc.dmarc import check_dmarc
    from checkdmarc.smtp import check_mx
    from checkdmarc.spf import check_spf

    _forget()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [question["resolver"][0]]
    resolver.port = question["resolver"][1]
    domain, started = question["domain"], time.perf_counter()
    mx = check_mx(domain, resolver=resolver, skip_tls=True)
    spf = check_spf(domain, resolver=resolver)
    dmarc = check_dmarc(domain, resolver=resolver)
    seconds = time.perf_counter() - started
    hosts = mx.get("hosts") or []
    return {
        "seconds": seconds,
        "mx": bool(hosts) and all(host["addresses"] for host in hosts),
        "spf": bool(spf.get("valid")),
        "dmarc": bool(dmarc.get("valid")),
    }


def _forget() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith("checkdmarc"):
            for value in vars(module).values():
                if type(value).__name__ == "ExpiringDict":
                    value.clear()


def tls(question: dict[str, Any]) -> dict[str, Any]:
    """Certificates, and the best protocol version, which sslyze always finds out first."""
    from sslyze import (
        CertificateInfoExtraArgument,
        ProtocolWithOpportunisticTlsEnum,
        ScanCommand,
        ScanCommandsExtraArguments,
        Scanner,
        ServerNetworkConfiguration,
        ServerNetworkLocation,
        ServerScanRequest,
    )

    kinds = {
        "smtp": ProtocolWithOpportunisticTlsEnum.SMTP,
        "imap": ProtocolWithOpportunisticTlsEnum.IMAP,
        "pop3": ProtocolWithOpportunisticTlsEnum.POP3,
    }
    extra = ScanCommandsExtraArguments(
        certificate_info=CertificateInfoExtraArgument(custom_ca_file=Path(question["ca"]))
    )
    requests = [
        ServerScanRequest(
            server_location=ServerNetworkLocation(host, port, ip_address=address),
            network_configuration=ServerNetworkConfiguration(
                tls_server_name_indication=host,
                tls_opportunistic_encryption=kinds[kind] if kind else None,
            ),
            scan_commands={ScanCommand.CERTIFICATE_INFO},
            scan_commands_extra_arguments=extra,
        )
        for host, address, port, kind in question["tls"]
    ]
    started = time.perf_counter()
    scanner = Scanner()
    scanner.queue_scans(requests)
    fine = [_port_fine(result, question["ca"]) for result in scanner.get_results()]
    return {"seconds": time.perf_counter() - started, "tls": all(fine)}


def _port_fine(result: Any, ca: str) -> bool:
    """Trusted by the one authority that counts here, for the name asked for, and not outdated."""
    if result.scan_result is None or result.scan_result.certificate_info.result is None:
        return False
    newest = result.connectivity_result.highest_tls_version_supported.name
    validated = [
        path.was_validation_successful
        for deployment in result.scan_result.certificate_info.result.certificate_deployments
        for path in deployment.path_validation_results
        if str(path.trust_store.path) == ca
    ]
    return any(validated) and newest in ("TLS_1_2", "TLS_1_3")


if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps({"policy": policy(asked), "tls": tls(asked)}), flush=True)
