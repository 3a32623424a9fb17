"""Mails as nobody would write them: parts, fields and lines that readers trip over (Hypothesis)."""

from hypothesis import strategies as st

KINDS = [
    "text/plain",
    "text/plain; format=flowed; delsp=yes",
    "text/plain; charset=utf-16",
    "text/plain; charset=idna",
    'text/plain; charset="unicode_escape"',
    "text/plain; charset*=x'y'z",
    "text/markdown",
    "application/json",
    "application/cap+xml",
    "image/png",
    'multipart/mixed; boundary="b"',
    'multipart/alternative; boundary="c"',
    "multipart/mixed",
    "multipart/encrypted; boundary=b",
    "message/rfc822",
    "message/delivery-status",
    "message/partial",
    "text",
    "",
    "/",
    'application/octet-stream; name="a.md"',
    "application/pdf; name*0*=utf-8''a%20; name*1=b.pdf",
    "x/y; name*=no-such''%ff",
]
FIELDS = st.one_of(
    st.sampled_from(KINDS).map("Content-Type: {}".format),
    st.sampled_from(["base64", "quoted-printable", "x-uuencode", "8bit", "x", ""]).map(
        "Content-Transfer-Encoding: {}".format
    ),
    st.sampled_from(
        ["attachment; filename=a.json", 'attachment; filename="=?utf-8?b?a?="', "inline", ";", "x*=y"]
    ).map("Content-Disposition: {}".format),
    st.text("=?utf-8bq: Re()<>@,;\t\xff\x00", max_size=30).map("Subject: {}".format),
    st.text('a@b.c<>(),;:"\\\xff ', max_size=30).map("From: {}".format),
    st.sampled_from(["To: publish+kkkkkkkkkkkk@a.b", "In-Reply-To: <x>", " folded", "no field", "X:"]),
)
BODIES = st.one_of(
    st.sampled_from([
        "--b", "--b--", "--c", "--c--", "", "=?utf-8?q?x?=", "begin 644 x", "# Headline", "---", "-- ",
        '{"headline": "x"}', "> quoted", "On x, a wrote:", "From: a", "To: b", "Subject: c",
        "Best regards,", "Hi all,", "=FF=0", "AAAA", "~~~",
    ]),
    st.text(max_size=40),
)  # fmt: skip
MAILS = st.lists(
    st.tuples(st.lists(FIELDS, max_size=5), st.lists(BODIES, max_size=6)), min_size=1, max_size=4
).map(lambda parts: "\n".join("\n".join([*fields, "", *lines]) for fields, lines in parts))
