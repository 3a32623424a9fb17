"""How fast somebody may ask whom nobody knows: by the network they ask from, which is not kept."""

import ipaddress
from hashlib import blake2b

from fastapi import Request

from alerts.services import Services


def wait_s(
    services: Services, request: Request, what: str, per_second: float, at_once: float, *, number: int = 1
) -> float:
    """Take permits for one request of this kind, or for more: 0 is go, else the seconds to wait."""
    address = request.client.host if request.client else ""
    return services.limits.permit(f"{what}:{_network(address)}", number, per_second, at_once)


def _network(address: str) -> str:
    """Whom an address stands for, without keeping it: of IPv6, whoever has one has a /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "none"
    known = found.packed[:8] if found.version == 6 else found.packed
    return blake2b(known, digest_size=8).hexdigest()
