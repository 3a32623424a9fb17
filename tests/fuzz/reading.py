"""One reader, and octets that nobody has thought of, guided by what it looks at (atheris, libFuzzer).

`python -m tests.fuzz.reading feed -max_total_time=60` ends with a trace, and a file that did it, at the
first fault that is no BadInput; `python -m tests.fuzz.reading feed FILE` reads that file again.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS), str(TESTS / "ingest")]

with atheris.instrument_imports(
    include=[
        *("alerts.ingest", "alerts.documents", "alerts.returns", "alerts.texts", "alerts.model.shapes"),
        *("feedparser", "docx", "pypdf", "html.parser", "email", "flufl.bounce"),
    ]
):
    from cap_writer import cap, info, refers
    from papers import paragraph, raw_word
    from papers import pdf as pdf_paper

    from alerts.documents import pdf, web, word
    from alerts.documents.content import Content, Unreadable
    from alerts.errors import BadInput
    from alerts.ingest import complete, documents, read_all, skeletons
    from alerts.ingest.feeds import read_feed
    from alerts.ingest.fields import draft_of
    from alerts.returns import read as read_mail
    from alerts.returns import read_file as read_returned

#: Seconds for one input until libFuzzer calls it hung: a busy machine is slow, and none of them takes one.
HUNG_S = 60


@dataclass(frozen=True)
class Reader:
    """What reads, and what it begins with, for the fuzzer to cut up."""

    read: Callable[[bytes], object]
    seeds: Sequence[bytes]


def _update(name: str) -> Callable[[bytes], object]:
    """Read a file of this name, and make a draft of each update in it."""

    def read(source: bytes) -> None:
        for reading in read_all(source, name, ("private", "restricted", "draft", "system")):
            complete(reading, find_region=str)

    return read


def _document(
    reader: Callable[[bytes], Content], packed: Callable[[bytes], bytes]
) -> Callable[[bytes], object]:
    """Read a document in this process: in the product it is one of its own, which nothing can look into."""

    def read(source: bytes) -> None:
        try:
            found = reader(packed(source))
        except Unreadable as fault:
            raise BadInput(fault.sentence, fault.hint) from None
        except (MemoryError, RecursionError):  # there it is the end of that process, and said so
            raise BadInput("It is too large.", "") from None
        (fields, _), _ = documents.fields_of(found)
        draft_of(fields)

    return read


def _body(source: bytes) -> bytes:
    """A file of Word with these octets as its body: in an archive a changed one is only a bad checksum."""
    return raw_word(source.decode("utf-8", "replace"))


def _feed(source: bytes) -> None:
    found = read_feed(source)
    for item in found.items:
        read_all(item.document(found.title), "item.json")


def _samples(folder: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((TESTS / "data" / folder).rglob("*")) if path.is_file()]


_POINT = "<areaDesc>x</areaDesc><polygon>1,2 3,4 5,6 1,2</polygon><circle>1,2 3</circle>"
_CODE = "<areaDesc>Gro,Oax</areaDesc><geocode><valueName>SAME</valueName><value>006037</value></geocode>"
READERS = {
    "cap": Reader(
        _update("x.cap"),
        [
            cap(),
            cap("", msgType="Cancel", references=refers("m0")),
            cap(info(_POINT)),
            cap(info(_CODE)),
            b"<EDXLDistribution><distributionStatus>Test</distributionStatus>"
            + cap()
            + b"</EDXLDistribution>",
            b"<feed><entry><content>" + cap().replace(b"<", b"&lt;") + b"</content></entry></feed>",
        ],
    ),
    "json": Reader(
        _update("x.json"),
        [
            *_samples("formats"),
            skeletons.json_().replace("<fill in", "<").encode(),
            b'[{"tags":[1]},{}]',
            b"[[",
        ],
    ),
    "markdown": Reader(
        _update("x.md"),
        [
            *_samples("formats"),
            b"---\nregions: [Ukraine, 'PL']\ntags:\n- flood\npublished_at: 3 May 2026, 7 pm\n---\n# A\n\n> b",
            b"Bridge closed\n=====\n\n| a | b |\n|---|---|\n| 1 | <br>2 |\n\n<details>c</details>\n```\n# d",
        ],
    ),
    "text": Reader(
        _update("x.txt"),
        [
            *_samples("formats"),
            "Home\nSituation Update - Bridge\n\nBy Ann Smith\n23.11.2026\n\nKey points:\n• One\n".encode(),
            b"1. One\n2. Two\n\na\tb\tc\n1\t2\t3\n\n281700Z MAR 22\n",
        ],
    ),
    "html": Reader(
        _document(web.read, bytes),
        [
            b"<!doctype html><html lang=uk><meta name=author content=Ann><title>A</title><h1>B</h1><p>c",
            b"<body><nav>x</nav><article><h2>a</h2><ul><li>b<ol><li>c</ol></ul><table><tr><td>1<td>2</table>",
        ],
    ),
    "word": Reader(
        _document(word.read, _body),
        [
            paragraph("Flood in Kyiv").encode(),
            b'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>A</w:t><w:br/></w:r></w:p>',
            b"<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:ins><w:p/></w:ins><w:sdt><w:sdtContent/></w:sdt>",
        ],
    ),
    "pdf": Reader(_document(pdf.read, bytes), [pdf_paper([["Flood in Kyiv", "a"], ["b"]])]),
    "mail": Reader(
        _update("x.eml"),
        [
            b"From: Ann <a@b>\nSubject: =?utf-8?b?0Jw=?= A\nContent-Type: multipart/mixed; boundary=b\n\n"
            b"--b\n\nHi,\n\nB.\n\n> c\n-- \nAnn\n--b\nContent-Type: text/html\n\n<p>d\n--b--\n",
            b"From: a@b\nContent-Type: text/plain; format=flowed\n"
            b"Content-Transfer-Encoding: quoted-printable\n\n"
            b"On Monday, Ann wrote:\n> =E2=82=AC \n> b\n\n----- Forwarded message -----\nFrom: c@d\n\ne\n",
        ],
    ),
    "feed": Reader(
        _feed,
        [
            b"<rss version='2.0'><channel><title>R</title><item><title>A</title><description>&lt;p&gt;b"
            b"</description><pubDate>Thu, 26 Nov 2026 08:00:00 GMT</pubDate><guid>1</guid></item></channel>"
            b"</rss>",
            b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>A</title><content>"
            + cap()
            + b"</content><link href='http://a/1.cap' type='application/cap+xml'/></entry></feed>",
            b'{"version":"https://jsonfeed.org/version/1","items":[{"id":7,"title":"A","content_html":"<p>b"}]}',
        ],
    ),
    "returns": Reader(read_mail, _samples("returns")),
    "hooks": Reader(read_returned, [*_samples("hooks"), *_samples("returns")]),
}


def fuzz(reader: Reader, options: Sequence[str]) -> None:
    """Read until libFuzzer ends this process."""

    def read_or_be_refused(source: bytes) -> None:
        try:
            reader.read(source)
        except BadInput as fault:
            assert fault.sentence, "a refusal without a sentence"  # noqa: PT017 - this is no test's expectation

    with TemporaryDirectory() as folder:
        for number, seed in enumerate(reader.seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        files = [option for option in options if not option.startswith("-")]
        bounds = ["-print_final_stats=1", f"-timeout={HUNG_S}", "-max_len=20000"]
        atheris.Setup([sys.argv[0], *bounds, *options, *([] if files else [folder])], read_or_be_refused)
        atheris.Fuzz()


if __name__ == "__main__":
    fuzz(READERS[sys.argv[1]], sys.argv[2:])
