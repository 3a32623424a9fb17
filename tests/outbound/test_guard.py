"""Whoever names an address cannot have us call our own network, however the address is written."""

from ipaddress import ip_address, ip_network

import pytest

from alerts.outbound import Guard

NOWHERE = "it leads to an address that is not public"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.8.8.8", id="the rest of loopback"),
        pytest.param("0.0.0.0", id="this machine, as Linux has it"),
        pytest.param("10.1.2.3", id="private, A"),
        pytest.param("172.31.0.1", id="private, B"),
        pytest.param("192.168.1.1", id="private, C"),
        pytest.param("169.254.169.254", id="link-local: what a cloud tells its machines"),
        pytest.param("100.64.0.1", id="shared, behind a carrier's NAT"),
        pytest.param("100.100.100.200", id="shared: what another cloud tells its machines"),
        pytest.param("192.0.0.192", id="assigned by the IETF"),
        pytest.param("192.88.99.1", id="a relay of 6to4"),
        pytest.param("198.18.0.1", id="benchmarks"),
        pytest.param("203.0.113.9", id="documentation"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("239.255.255.250", id="multicast within an organisation"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::1", id="loopback, 6"),
        pytest.param("::", id="unspecified, 6"),
        pytest.param("fe80::1", id="link-local, 6"),
        pytest.param("fe80::1%eth0", id="link-local, 6, by an interface"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("fd12:3456::1", id="unique local"),
        pytest.param("ff02::1", id="multicast, 6"),
        pytest.param("2001:db8::1", id="documentation, 6"),
        pytest.param("3fff::1", id="documentation, 6, the newer one"),
        pytest.param("::ffff:127.0.0.1", id="mapped loopback"),
        pytest.param("::ffff:a9fe:a9fe", id="mapped link-local"),
        pytest.param("::10.0.0.1", id="compatible private"),
        pytest.param("64:ff9b::10.0.0.1", id="private behind NAT64"),
        pytest.param("64:ff9b:1::1", id="NAT64 of one's own"),
        pytest.param("2002:7f00:1::", id="loopback in 6to4"),
        pytest.param("2001:0:7f00:1::", id="Teredo"),
        pytest.param("100::1", id="discard"),
    ],
)
def test_what_is_not_public_is_not_called(address: str) -> None:
    assert Guard().refusal(ip_address(address), 443) == NOWHERE


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]
)
def test_what_is_public_is_called_by_the_ports_of_https(address: str) -> None:
    for port in (443, 8443):
        assert Guard().refusal(ip_address(address), port) == ""
    for port in (22, 25, 80, 6379, 9200):
        assert Guard().refusal(ip_address(address), port) == f"nothing public is called by port {port}"


def test_what_a_setting_allows_is_called_by_any_port_and_nothing_beside_it() -> None:
    guard = Guard((ip_network("10.20.0.0/16"), ip_network("fd12::/48")))
    for address in ("10.20.3.4", "fd12::1", "::ffff:10.20.3.4"):
        assert guard.refusal(ip_address(address), 9000) == ""
    for address in ("10.21.0.1", "127.0.0.1", "fd13::1"):
        assert guard.refusal(ip_address(address), 443) == NOWHERE
