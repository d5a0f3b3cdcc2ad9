"""One running lab for all tests of this folder, healthy again before each of them."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import dns.resolver
import pytest

from lab.background import BackgroundLab, running_lab


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackgroundLab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def lab(running: BackgroundLab) -> BackgroundLab:
    running.heal()
    return running


@pytest.fixture
def trust(lab: BackgroundLab) -> ssl.SSLContext:
    """What a customer's program trusts: the pretend root, and nothing older than TLS 1.2."""
    return ssl.create_default_context(cafile=str(lab.hosting_path.with_name("ca.pem")))


@pytest.fixture
def resolver(lab: BackgroundLab) -> dns.resolver.Resolver:
    """dnspython, asking the pretend resolver."""
    client = dns.resolver.Resolver(configure=False)
    client.nameservers = ["127.0.10.53"]
    client.port = lab.ports["dns"]
    client.lifetime = client.timeout = 5
    return client
