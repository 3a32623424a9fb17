"""Files, standard input and encodings: each way to fail is a sentence and a hint."""

import io

import pytest

from alerts.documents.bounded import OCTETS_MAX
from alerts.errors import BadInput
from alerts.ingest import load_all

NOTHING = io.BytesIO()


def test_a_file_and_a_pipe_are_read_alike(tmp_path):
    path = tmp_path / "update.json"
    path.write_text('{"headline": "Talks"}')
    assert load_all(str(path), NOTHING) == load_all("-", io.BytesIO(path.read_bytes()))


def test_a_file_with_several_updates_gives_several_readings(tmp_path):
    path = tmp_path / "updates.jsonl"
    path.write_text('{"headline": "a"}\n\n{"headline": "b"}\n')
    assert [reading.draft.headline for reading in load_all(str(path), NOTHING)] == ["a", "b"]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "It is empty."),
        (b" \r\n\t", "It is empty."),
        (b"\xef\xbb\xbf\n", "It is empty."),
        (b"Talks\0resume", "It is not a text file."),
        (b"caf\xe9 \x81", "It is not a text file."),
        ("Talks".encode("utf-32"), "It is not a text file."),
        (b"\xff\xfea", "It is not a text file."),
        (b"a" * 1_000_001, "It is larger than 1 MB."),
    ],
)
def test_what_holds_no_text_is_refused(source, sentence):
    with pytest.raises(BadInput) as refused:
        load_all("-", io.BytesIO(source))
    assert refused.value.sentence == sentence
    assert refused.value.hint
    assert refused.value.exit_code == 2


def test_an_endless_pipe_is_not_read_to_its_end():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            assert size > 0
            self.taken += size
            return b"a" * size

    pipe = Endless()
    with pytest.raises(BadInput, match="larger than 1 MB"):
        load_all("-", pipe)
    assert pipe.taken <= OCTETS_MAX + 1


@pytest.mark.parametrize(
    ("source", "headline", "notes"),
    [
        ("\ufeffHé “x”".encode(), "Hé “x”", ()),
        ("Hé “x”".encode("utf-16"), "Hé “x”", ("is in UTF-16",)),
        (b"\xfe\xff" + "Hé “x”".encode("utf-16-be"), "Hé “x”", ("is in UTF-16",)),
        ("Hé “x”".encode("cp1252"), "Hé “x”", ("is in Windows-1252",)),
        ("He\u0301".encode(), "Hé", ()),
    ],
)
def test_the_usual_encodings_are_understood_and_the_odd_ones_noted(source, headline, notes):
    [reading] = load_all("-", io.BytesIO(source))
    assert reading.draft.headline == headline
    assert reading.notes == ("names no region", "names no tag", *notes)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("missing.txt", "There is no file “missing.txt”."),
        (".", "“.” is a folder."),
        ("a\0b", "“ab” cannot be read: it is not a path."),
        ("x" * 300, "“" + "x" * 79 + "…” cannot be read: File name too long."),
    ],
)
def test_what_cannot_be_opened_is_a_sentence(tmp_path, monkeypatch, path, sentence):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput) as refused:
        load_all(path, NOTHING)
    assert refused.value.sentence == sentence
    assert refused.value.hint
