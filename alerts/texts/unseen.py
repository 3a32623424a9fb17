"""What nobody sees and nothing may carry: controls, and what makes a text read as what it is not."""

import re

#: Controls other than white space, bidi controls (UAX #9 §2), byte order marks, and lone surrogates, which
#: nothing can encode.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text without what is unseen. Ask it of what is shown, not of what is yet to be decoded."""
    # Nothing unseen is printable, and most texts are all printable: asked first, for it costs nearly nothing.
    return text if text.isprintable() else _UNSEEN.sub("", text)
