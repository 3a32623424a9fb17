from .reading import OCTETS_MAX, read

__all__ = [
    "OCTETS_MAX",
    "read",
]
