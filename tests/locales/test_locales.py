"""What each language says and writes, as CLDR has it."""

from datetime import UTC, datetime

import pytest

from alerts.locales import ENGLISH, locale_for

AT = datetime(2022, 3, 30, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "day", "number", "weekdays"),
    [
        ("en", "30 March 2022", "12", "mon,sun"),
        ("uk", "30 березня 2022\u202fр.", "12", "понеділок, неділя"),
        ("fr", "30 mars 2022", "12", "lundi, dimanche"),
        ("es", "30 de marzo de 2022", "12", "lunes, domingo"),
        ("ar", "30 مارس 2022", "12", "الاثنين، الأحد"),
        ("ar-EG", "٣٠ مارس ٢٠٢٢", "١٢", "الاثنين، الأحد"),
        ("es-MX", "30 de marzo de 2022", "12", "lunes, domingo"),
        ("uk-Cyrl-XX-x-y", "30 березня 2022\u202fр.", "12", "понеділок, неділя"),
    ],
)
def test_dates_and_digits_are_those_of_the_language(tag, day, number, weekdays):
    locale = locale_for(tag)
    assert (locale.full_day(AT), locale.number(12), locale.weekdays((0, 6))) == (day, number, weekdays)


@pytest.mark.parametrize(
    ("tags", "spoken"),
    [
        (("uk",), "uk"),
        (("fr-CA", "ar"), "fr-CA"),
        (("uk-Cyrl-XX",), "uk"),  # of what CLDR knows no variety of
        (("arb",), "ar"),
        (("de", "uk"), "uk"),  # we speak no German; the installation speaks Ukrainian
        (("ru", "en"), "en"),  # and who reads Russian is not given Ukrainian
        (("", ""), "en"),
        ((), "en"),
    ],
)
def test_a_reader_is_spoken_to_in_their_language_else_in_that_of_the_installation(tags, spoken):
    assert locale_for(*tags).tag == spoken


@pytest.mark.parametrize(
    ("tag", "n", "said"),
    [
        ("uk", 1, "1 оновлення"),
        ("uk", 5, "5 оновлень"),
        ("uk", 22, "22 оновлення"),
        ("fr", 0, "0 mise à jour"),
        ("ar", 1, "تحديث واحد"),
        ("ar", 2, "تحديثان"),
        ("ar", 3, "3 تحديثات"),
        ("ar-EG", 11, "١١ تحديثًا"),
        ("ar", 100, "100 تحديث"),
        ("en", 2, "2 updates"),
    ],
)
def test_what_is_counted_has_the_form_of_the_language(tag, n, said):
    assert locale_for(tag).ngettext("%(num)s update", "%(num)s updates", n) == said


@pytest.mark.parametrize(
    ("names", "all_of", "any_of"),
    [
        (["Siria", "Irak"], "Siria e Irak", "Siria o Irak"),
        (["Irak", "Siria", "Omán"], "Irak, Siria y Omán", "Irak, Siria u Omán"),
        (["Cuba", "Honduras"], "Cuba y Honduras", "Cuba u Honduras"),
        (["Madeira", "Hierro"], "Madeira y Hierro", "Madeira o Hierro"),
        (["Siria", "«Israel»"], "Siria e «Israel»", "Siria o «Israel»"),
        (["Siria", "«Mi oficina»"], "Siria y «Mi oficina»", "Siria o «Mi oficina»"),
        (["A", "8 más"], "A y 8 más", "A u 8 más"),
        (["A", "11 más"], "A y 11 más", "A u 11 más"),
        (["A", "118 más"], "A y 118 más", "A o 118 más"),
        (["Irak"], "Irak", "Irak"),
        ([], "", ""),
    ],
)
def test_spanish_joins_names_as_they_are_said(names, all_of, any_of):
    """“Suscrito a: Ucrania o Omán”: nobody says that, and CLDR's pattern has one “o” for all."""
    locale = locale_for("es-MX")
    assert (locale.all_of(names), locale.any_of(names)) == (all_of, any_of)


def test_regions_are_called_as_their_language_has_them_and_groups_as_we_do():
    uk = locale_for("uk")
    assert [uk.region("UA", "Ukraine"), uk.region("150", "Europe")] == ["Україна", "Європа"]
    assert uk.region("sahel", "Sahel") == "Сахель"
    assert uk.region("UA-63", "Kharkivska oblast") == "Харківська область"
    assert uk.region("IS-RKV", "Reykjavíkurborg") == "Reykjavíkurborg"  # CLDR has no name of it
    assert ENGLISH.region("TR", "Türkiye") == "Türkiye"
