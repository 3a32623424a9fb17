"""Fixed texts in templates: marked for translation, their values in named places and escaped."""

import json

import pytest

from alerts.errors import BadInput
from alerts.rendering import Templates


def drawn(folder, template, text, **given):
    path = folder / template
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Templates(folder).render(template, given)


@pytest.mark.parametrize(
    "text",
    [
        "{% trans name=name %}Sent by {{ name }}.{% endtrans %}",
        "{{ _('Sent by %(name)s.', name=name) }}",
        "{{ gettext('Sent by %(name)s.', name=name) }}",
        "{{ pgettext('footer', 'Sent by %(name)s.', name=name) }}",
    ],
)
@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("web/x.html.j2", "Sent by &lt;b&gt; 5% &amp; &#34;co&#34;."),
        ("email/x.txt.j2", 'Sent by <b> 5% & "co".'),
        ("webhook/x.json.j2", r'"Sent by <b> 5% & \"co\"."'),
    ],
)
def test_a_value_in_a_text_is_written_as_it_would_be_alone(tmp_path, template, said, text):
    """An organisation called `<b>` makes nothing of a mail bold, nor breaks the JSON of a post."""
    assert drawn(tmp_path, template, text, name='<b> 5% & "co"') == said
    if template.endswith(".json.j2"):
        assert json.loads(said) == 'Sent by <b> 5% & "co".'


@pytest.mark.parametrize("template", ["web/x.html.j2", "email/x.txt.j2"])
@pytest.mark.parametrize(
    "text",
    [
        "{% trans n=n %}{{ n }} update{% pluralize %}{{ n }} updates{% endtrans %}",
        "{{ ngettext('%(num)s update', '%(num)s updates', n) }}",
        "{{ npgettext('title', '%(num)s update', '%(num)s updates', n) }}",
    ],
)
def test_what_is_counted_has_its_form(tmp_path, template, text):
    said = [drawn(tmp_path, template, text, n=n) for n in (1, 2)]
    assert said == ["1 update", "2 updates"]


def test_markup_of_ours_in_a_text_stays_markup(tmp_path):
    text = """{% trans url=url %}
    Read <a href="{{ url }}">all
    of it</a>.
{% endtrans %}"""
    assert drawn(tmp_path, "web/x.html.j2", text, url='/a"b') == 'Read <a href="/a&#34;b">all of it</a>.'


def test_a_value_that_nobody_gave_fails_with_its_line(tmp_path):
    """A text with an empty place would go out to thousands; a name that is not there is a fault, as ever."""
    with pytest.raises(BadInput, match=r"x\.html\.j2, line 2, .*name"):
        drawn(tmp_path, "web/x.html.j2", "\n{{ _('Sent by %(name)s.') }}")
