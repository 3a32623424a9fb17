"""A mail as it waits for days: without the octets that nobody reads, and without whom it was for.

Pictures are most of many a mail. In the address that it was for there is a secret.
"""

from email.generator import BytesGenerator
from email.policy import compat32
from io import BytesIO

from alerts.errors import BadInput
from alerts.ingest.mails.attachments import is_attached
from alerts.ingest.mails.reading import counted_files, read
from alerts.ingest.mails.structure import head_and_rest, open_mail

#: The fields of a mail that say what it is, when it was written and by whom; `content-…` beside them.
_KEPT = (b"from", b"date", b"subject", b"message-id", b"in-reply-to", b"references", b"mime-version")


def slim(source: bytes) -> bytes:
    """The same mail with the parts empty that are left out of what it says, and few of its fields.

    Raises BadInput as `read` does, and for one that would be read otherwise then: a mail that means harm.
    """
    mail = open_mail(_with_few_fields(source))
    counted = {id(part) for part in counted_files(mail)}
    kept = {id(part) for part in mail.leaves if id(part) in counted or not is_attached(part)}
    for part in mail.root.walk():
        if id(part) not in kept and (not part.is_multipart() or part.get_content_maintype() == "message"):
            del part["Content-Transfer-Encoding"]
            part.set_payload("")
    written = BytesIO()
    try:
        BytesGenerator(written, mangle_from_=False, policy=compat32).flatten(mail.root)
        slimmed = written.getvalue()
        same = read(slimmed) == read(source)
    except (ValueError, LookupError, TypeError, AttributeError):  # it was not written for those
        same = False
    if not same:
        raise BadInput("It is a mail that nobody can take apart for sure.", "Send its text in a plain mail.")
    return slimmed


def _with_few_fields(source: bytes) -> bytes:
    head, rest = head_and_rest(source)
    lines, keeps = list[bytes](), False
    for line in head.splitlines(keepends=True):
        if line[:1] not in (b" ", b"\t"):
            name = line.partition(b":")[0].strip().lower()
            keeps = name in _KEPT or name.startswith(b"content-")
        if keeps:
            lines.append(line)
    return b"".join(lines) + rest
