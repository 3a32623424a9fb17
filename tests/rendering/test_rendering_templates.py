"""What an operator may override, and what happens when that goes wrong."""

import pytest
from rendering_samples import TALKS, alone, html_of, mail, post, several, text_of

from alerts.errors import BadInput
from alerts.model import Channel
from alerts.rendering import shipped_templates


def written(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_one_file_is_overridden_and_the_others_stay(tmp_path):
    written(tmp_path, "email/one.txt.j2", "Ours: {{ digest.one.headline }} {{ blank.unsubscribe }}\n")
    found = mail(alone(Channel("email"), TALKS, folder=tmp_path))
    assert text_of(found).startswith(f"Ours: {TALKS.headline} https://")
    assert "<h1" in html_of(found)


def test_a_footer_is_overridden_by_its_block(tmp_path):
    base = (shipped_templates() / "email/base.txt.j2").read_text(encoding="utf-8")
    written(tmp_path, "email/base.txt.j2", base.replace("Sent by", "Posted by"))
    assert "Posted by Situation Desk" in text_of(mail(several(Channel("email"), [TALKS], folder=tmp_path)))


def test_slack_words_are_overridden_and_still_escaped(tmp_path):
    written(tmp_path, "slack/text.txt.j2", "<!channel> {{ digest.subject }}")
    written(tmp_path, "slack/footer.txt.j2", "Why: {{ blank.reason }} Ask #desk.")
    arguments = post(alone(Channel("slack"), TALKS, folder=tmp_path), reason='a "quoted" reason')
    assert arguments["text"].startswith("&lt;!channel&gt; Negotiations")
    assert arguments["blocks"][-1]["elements"][0]["text"] == 'Why: a "quoted" reason Ask #desk.'


def test_values_in_an_overridden_html_template_are_escaped(tmp_path):
    written(tmp_path, "email/one.html.j2", "<p>{{ digest.one.author }}</p>{{ digest.one.body | markdown }}")
    draft = TALKS.__class__("h", ("UA",), "ua-ru-talks", author="<script>", body="<script>")
    html = html_of(mail(alone(Channel("email"), draft, folder=tmp_path)))
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 2


@pytest.mark.parametrize(
    ("fault", "text", "line"),
    [
        ("a tag that is never closed", "one\n{% if digest %}\n", 2),
        ("a name that does not exist", "one\ntwo\n{{ digest.headlin }}", 3),
        ("a blank that does not exist", "\n{{ blank.token }}", 2),
        ("a filter that does not exist", "{{ digest | shout }}", 1),
        ("a division by zero", "\n\n\n{{ 1 // 0 }}", 4),
        ("a text and a number", "{{ 'a' + 1 }}", 1),
        ("a way out of the sandbox", "\n{{ digest.__class__.__mro__ }}", 2),
        ("a global that is not there", "{{ range(9) }}", 1),
        ("a template without end", "{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", 1),
    ],
)
def test_a_template_that_fails_is_named_with_its_line(tmp_path, fault, text, line):
    path = written(tmp_path, "email/one.html.j2", text)
    with pytest.raises(BadInput) as refused:
        alone(Channel("email"), TALKS, folder=tmp_path)
    assert f"{path}, line {line}," in refused.value.sentence, fault
    assert "docs/templates.md" in refused.value.hint


def test_a_template_that_includes_a_missing_one_names_it(tmp_path):
    written(tmp_path, "email/one.html.j2", "{% include 'email/none.j2' %}")
    with pytest.raises(BadInput, match=r"email/none\.j2"):
        alone(Channel("email"), TALKS, folder=tmp_path)


def test_a_template_that_is_not_utf_8_is_named(tmp_path):
    written(tmp_path, "email/one.html.j2", "").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"email/one\.html\.j2"):
        alone(Channel("email"), TALKS, folder=tmp_path)


def test_the_shipped_templates_are_all_there():
    names = {path.relative_to(shipped_templates()).as_posix() for path in shipped_templates().rglob("*.j2")}
    assert {f"email/{one}.{kind}.j2" for one in ("one", "many", "base") for kind in ("html", "txt")} <= names
    assert {"slack/text.txt.j2", "slack/footer.txt.j2", "web/outbox.html.j2"} <= names


def test_every_template_and_everything_given_is_documented():
    guide = (shipped_templates().parent / "docs/templates.md").read_text(encoding="utf-8")
    for path in shipped_templates().rglob("*.j2"):
        assert f"`{path.relative_to(shipped_templates()).as_posix()}`" in guide
