"""The guard at the socket: which addresses and ports it lets through."""

from __future__ import annotations

import logging

import pytest

from qiq.checks.guard import Guard, Refused
from tests.checks.build import settings

INSIDE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.0.0.53", "127.1.2.3", "127.255.255.254",
    "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1",
    "172.20.10.5", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.0.192", "192.0.2.11",
    "192.88.99.1", "192.168.0.1", "192.168.1.254", "192.168.255.255", "198.18.0.1",
    "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "224.0.0.251", "232.1.2.3",
    "239.255.255.250", "240.0.0.1", "250.1.1.1", "255.255.255.255", "::", "::1", "::7f00:1",
    "::a00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:192.168.1.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1", "100::1", "2001::1",
    "2001:0:53aa:64c::1", "2001:db8::1", "2001:db8:ffff::1", "2002:7f00:1::", "2002:a00:1::1",
    "2002:c0a8:101::1", "2002:808:808::1", "3fff::1", "5f00::1", "fc00::1", "fd00::1",
    "fd00:ec2::254", "fdff:ffff::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1",
    "feff::1", "ff00::1", "ff02::1", "ff02::fb", "ff05::1:3", "ff0e::1",
]  # fmt: skip
NOT_AN_ADDRESS = [
    "", " ", "localhost", "example.com", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
    "017700000001", "127.1", "127.0.1", "10.1", "1", "0", "127.0.0.1.", "127.0.0.01", "127.0.0.1 ",
    " 127.0.0.1", "127.0.0.1\n", "127.0.0.1\r\nHost: x", "127.0.0.1:80", "127.0.0.1/8", "[::1]",
    "::1%lo", "fe80::1%eth0", "fe80::1%25eth0", "１２７.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①",
    "8.8.8.8@127.0.0.1", "127.0.0.1#8.8.8.8", "8.8.8.8\x00", "0.0.0.0.0", "256.1.1.1", "1.2.3",
    "::ffff:999.1.1.1", ":::1", "1:2:3:4:5:6:7:8:9", "😀", "127.0.0.1,8.8.8.8", "-1", "1e3", "NaN",
    "0x7f000001.nip.io", "٨.٨.٨.٨",
]  # fmt: skip
OTHER_PORTS = [
    0, 1, 7, 19, 23, 69, 111, 135, 139, 161, 389, 445, 514, 873, 1433, 1521, 2049, 2375,
    3000, 3306, 3389, 5005, 5055, 5432, 5900, 6379, 8000, 8080, 8443, 9000, 9200, 10250,
    11211, 27017, 65535, -1, 65536, 100_000,
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "9.9.9.9", "2001:4860:4860::8888", "2606:4700:4700::1111"]
STANDARD = [25, 53, 80, 110, 143, 443, 465, 587, 993, 995, 21, 22]


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_are_never_dialled(address: str) -> None:
    with pytest.raises(Refused):
        Guard(settings()).vet(address, 443)


@pytest.mark.parametrize("text", NOT_AN_ADDRESS)
def test_what_needs_interpreting_is_not_an_address(text: str) -> None:
    with pytest.raises(Refused):
        Guard(settings(allow=("0.0.0.0/0", "::/0"))).vet(text, 443)


@pytest.mark.parametrize("port", OTHER_PORTS)
def test_ports_outside_the_list_are_never_dialled(port: int) -> None:
    guard = Guard(settings())
    for address in (PUBLIC[0], "192.0.2.10"):
        with pytest.raises(Refused):
            guard.vet(address, port)


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("port", STANDARD)
def test_public_addresses_may_be_dialled_on_service_ports(address: str, port: int) -> None:
    vetted = Guard(settings()).vet(address, port)
    assert (vetted.address, vetted.port, vetted.own) == (address, port, False)


def test_the_hosts_own_addresses_may_be_dialled_wherever_they_are() -> None:
    assert Guard(settings(addresses=("10.1.2.0/28",))).vet("10.1.2.5", 993).own
    with pytest.raises(Refused):
        Guard(settings(addresses=("10.1.2.0/28",))).vet("10.1.2.16", 993)


def test_an_exception_in_the_settings_opens_that_range_and_no_other() -> None:
    guard = Guard(settings(allow=("127.0.20.0/24",)))
    assert not guard.vet("127.0.20.1", 443).own
    for other in ("127.0.0.1", "127.0.21.1", "::ffff:127.0.20.1"):
        with pytest.raises(Refused):
            guard.vet(other, 443)


def test_a_refusal_is_logged_for_staff(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(Refused):
        Guard(settings()).vet("169.254.169.254", 80)
    assert "169.254.169.254" in caplog.text


def test_there_are_more_than_enough_hostile_inputs() -> None:
    assert len(INSIDE) + len(NOT_AN_ADDRESS) + len(OTHER_PORTS) > 150
