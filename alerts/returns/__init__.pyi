from .files import read_file
from .mails import READ_MAX
from .reading import OCTETS_MAX, read

__all__ = [
    "OCTETS_MAX",
    "READ_MAX",
    "read",
    "read_file",
]
