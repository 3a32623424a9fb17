"""Folders and files of our own: whoever makes them first, only their owner enters and reads them."""

import os
import secrets
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_folder(folder: Path) -> Path:
    """Make a folder, and whatever is missing of those it lies in. Returns it. Raises OSError."""
    for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)  # raises for a file
    return folder


def close(folder: Path) -> None:
    """Take a folder of ours away from others, if they could enter it. One for everybody, like /tmp, stays."""
    try:
        held = folder.stat()
    except OSError:
        return
    ours = stat.S_ISDIR(held.st_mode) and held.st_uid == os.geteuid() and not held.st_mode & stat.S_ISVTX
    if ours and held.st_mode & _OTHERS:
        folder.chmod(0o700)


def opener(path: str, flags: int) -> int:
    """Have `open(…, opener=opener)` make a file for us alone."""
    return os.open(path, flags, 0o600)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, in place of what was there. Raises OSError."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(draft, "x", encoding="utf-8", opener=opener) as file:
        file.write(text)
    draft.replace(path)
