"""The fixed texts of templates in the reader's language: Jinja's i18n, with each value in a named place.

`{% trans %}`, `_()`, `gettext`, `ngettext`, `pgettext` and `npgettext` take literal texts: they are what the
catalogs are made from. What is put into a text is escaped wherever a value would be, the text itself nowhere:
it is ours.
"""

from collections.abc import Callable

from jinja2 import Environment
from markupsafe import Markup

from alerts.locales import Locale


def install(environment: Environment, locale: Locale, writes_html: bool) -> None:
    """Have an environment say its fixed texts in a language; what a catalog lacks is said in English.

    Where HTML is not what is written, a text is a value like all others.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    finished: Callable[[str], str] = Markup if writes_html else str

    def gettext(text: str, /, **values: object) -> str:
        return finished(locale.found("", text)) % locale.written(values)

    def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
        return npgettext("", one, many, num, **values)

    def pgettext(context: str, text: str, /, **values: object) -> str:
        return finished(locale.found(context, text)) % locale.written(values)

    def npgettext(context: str, one: str, many: str, num: int, /, **values: object) -> str:
        return finished(locale.found(context, one, many, num)) % locale.written({"num": num, **values})

    environment.globals |= {f.__name__: f for f in (gettext, ngettext, pgettext, npgettext)}
    environment.globals["locale"] = locale
