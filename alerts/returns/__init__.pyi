from .files import read_file
from .reading import OCTETS_MAX, read

__all__ = [
    "OCTETS_MAX",
    "read",
    "read_file",
]
