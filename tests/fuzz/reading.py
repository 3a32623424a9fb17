"""Octets that nobody has thought of, guided by what the reader of CAP looks at (atheris, libFuzzer).

`python -m tests.fuzz.messages -max_total_time=60`: ends with a trace at the first fault that is no BadInput.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["alerts.ingest", "alerts.model.shapes"]):
    from cap_writer import cap, info, refers

    from alerts.errors import BadInput
    from alerts.ingest import read_all

#: What it begins with: a message of each kind, for the fuzzer to cut up.
SEEDS = [
    cap(),
    cap("", msgType="Cancel", references=refers("m0")),
    cap(info("<areaDesc>x</areaDesc><polygon>1,2 3,4 5,6 1,2</polygon><circle>1,2 3</circle>")),
    cap(
        info(
            "<areaDesc>Gro,Oax</areaDesc><geocode><valueName>SAME</valueName><value>006037</value></geocode>"
        )
    ),
    b"<EDXLDistribution><distributionStatus>Test</distributionStatus>" + cap() + b"</EDXLDistribution>",
    b"<feed><entry><content>" + cap().replace(b"<", b"&lt;") + b"</content></entry></feed>",
]


def read(source: bytes) -> None:
    """Read it, or be refused; whatever else is raised is a fault."""
    try:
        read_all(source, "x.cap", ("private", "restricted", "draft", "system"))
    except BadInput:
        return


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        for number, seed in enumerate(SEEDS):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], folder, *sys.argv[1:]], read)
        atheris.Fuzz()
