"""Runs checkdmarc and sslyze in an environment of their own; reads a question, prints JSON.

Question on standard input: ``{"domain", "resolver": [address, port], "ca", "tls": [[host, address,
port, "smtp"|"imap"|"pop3"|null], …]}``. sslyze is AGPL: it is only ever run beside, never imported
by the product.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def policy(question: dict[str, Any]) -> dict[str, Any]:
    import checkdmarc
    import dns.resolver

    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [question["resolver"][0]]
    resolver.port = question["resolver"][1]
    started = time.perf_counter()
    found = checkdmarc.check_domains([question["domain"]], resolver=resolver, skip_tls=True)
    seconds = time.perf_counter() - started
    one = found[0] if isinstance(found, list) else found
    return {
        "seconds": seconds,
        "spf": bool(one["spf"].get("valid")),
        "dmarc": bool(one["dmarc"].get("valid")),
    }


def tls(question: dict[str, Any]) -> dict[str, Any]:
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
    commands = {
        ScanCommand.CERTIFICATE_INFO, ScanCommand.TLS_1_2_CIPHER_SUITES,
        ScanCommand.TLS_1_3_CIPHER_SUITES, ScanCommand.TLS_1_1_CIPHER_SUITES,
    }  # fmt: skip
    requests = [
        ServerScanRequest(
            server_location=ServerNetworkLocation(host, port, ip_address=address),
            network_configuration=ServerNetworkConfiguration(
                tls_server_name_indication=host,
                tls_opportunistic_encryption=kinds[kind] if kind else None,
            ),
            scan_commands=commands,
            scan_commands_extra_arguments=extra,
        )
        for host, address, port, kind in question["tls"]
    ]
    started = time.perf_counter()
    scanner = Scanner()
    scanner.queue_scans(requests)
    read = sum(
        getattr(result.scan_result, "certificate_info", None) is not None
        for result in scanner.get_results()
    )
    return {"seconds": time.perf_counter() - started, "read": read}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    print(json.dumps({"policy": policy(asked), "tls": tls(asked)}))
