"""Which addresses may be called: of the public internet by the usual ports, and what is allowed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network

#: Where HTTPS is served to strangers. Any other port of a public address may be anything.
PORTS = frozenset({443, 8443})

#: All of IPv6 that is given out for use on the internet (RFC 4291 §2.4, IANA's registry).
_UNICAST = IPv6Network("2000::/3")
#: Addresses of IPv6 that lead to the address of IPv4 in their last 32 bits: mapped, compatible, NAT64.
_LEADS_ON = (IPv6Network("::ffff:0:0/96"), IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))
#: What some versions of `ipaddress` call public, and is not: shared (CGNAT, RFC 6598), assignments of IETF,
#: relays of 6to4 (RFC 7526), benchmarks, documentation; Teredo, 6to4, and their like in IPv6.
_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)


@dataclass(frozen=True, slots=True)
class Guard:
    """Says what may be called. `allowed`: networks that may be although they are private, by any port."""

    allowed: Sequence[IpNetwork] = ()
    ports: frozenset[int] = PORTS  #: by which a public address may be called

    def refusal(self, address: IpAddress, port: int) -> str:
        """What is against calling an address; empty where nothing is."""
        final = _final(address)
        if any(final in network for network in self.allowed):
            return ""
        if not _public(final):
            return "it leads to an address that is not public"
        return "" if port in self.ports else f"nothing public is called by port {port}"


def _final(address: IpAddress) -> IpAddress:
    """Where an address leads in the end."""
    if isinstance(address, IPv6Address) and any(address in network for network in _LEADS_ON):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _public(address: IpAddress) -> bool:
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in network for network in _NOT_PUBLIC)
