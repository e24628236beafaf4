"""The check of the message catalogs: texts that are marked where extraction cannot see them."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import catalogs

HEADER = "from django.utils.translation import gettext as _, ngettext, pgettext_lazy as named\n"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("x = f\"<b>{_('Save')}</b>\"", [2]),
        ("x = f'{_(label)}'", [2]),
        ("x = f'''\n{count:{_('w')}}'''", [3]),
        ("x = f\"{escape(translation.gettext('Save'))}\"", [2]),
        ("x = f\"{named('menu', 'Save')}\"", [2]),
        ("x = f\"{ngettext('one', 'many', n)}\" + f\"{ngettext_lazy('one', 'many', n)}\"", [2, 2]),
        ('x = _(f"Save {name}")', [2]),
        ('x = _("Save " + name)', [2]),
        ('x = _("Save %s" % name)', [2]),
        ('x = _("Save {}".format(name))', [2]),
    ],
)
def test_a_text_that_extraction_would_miss_is_found_with_its_line(code: str, lines: list[int]) -> None:
    assert [line for line, _fault in catalogs.hidden_calls(HEADER + code)] == lines


@pytest.mark.parametrize(
    "code",
    [
        'label = _("Save")\nx = f"<b>{label}</b>"',
        'x = _("Save %(name)s") % {"name": name}',
        'x = _("Save {name}").format(name=name)',
        "x = _(problem.message)",
        'x = ngettext("one", "many", count + 1)',
        'x = f"{render(name)}"',
    ],
)
def test_what_extraction_finds_is_let_through(code: str) -> None:
    assert list(catalogs.hidden_calls(HEADER + code)) == []


def test_the_check_fails_and_names_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "sample"
    package.mkdir()
    (package / "apps.py").write_text("", "utf-8")
    (package / "page.py").write_text(HEADER + "x = f\"{_('Save')}\"\n", "utf-8")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)  # as from the command line
    monkeypatch.setattr(catalogs, "ROOT", tmp_path)
    monkeypatch.setattr(catalogs, "packages", lambda: [package])
    assert catalogs.check() == 1
    assert "sample/page.py:2: _() inside an f-string" in capsys.readouterr().out


def test_none_of_our_sources_hides_a_text() -> None:
    found = [
        f"{path.relative_to(catalogs.ROOT)}:{line}: {fault}"
        for package in catalogs.packages()
        for path in sorted(package.rglob("*.py"))
        for line, fault in catalogs.hidden_calls(path.read_text("utf-8"))
    ]
    assert found == []


def catalog(*messages: tuple[str, str | None, str]) -> Catalog:
    made = Catalog(locale="ar")
    for text, context, words in messages:
        made.add(text, words, context=context)
    return made


def test_a_text_with_two_translations_is_found_and_a_context_parts_them() -> None:
    plan = catalog(("Done", None, "منجزة"), ("Plan", None, "برنامج"))
    jobs = catalog(("Done", None, "تم"), ("Plan", None, "برنامج"))
    (clash,) = catalogs.clashes({"plan.po": plan, "jobs.po": jobs}, {})
    assert clash.startswith("plan.po: 'Done' has another translation in jobs.po")
    assert list(catalogs.clashes({"plan.po": catalog(("Done", "action", "منجزة")), "jobs.po": jobs}, {})) == []


def test_a_text_that_an_app_of_the_platform_words_otherwise_is_found() -> None:
    ours = catalog(("History", None, "مسار الجولة"))
    admin = catalog(("History", None, "تاريخ"), ("Home", None, "الرئيسية"))
    other = catalog(("Home", None, "البداية"))  # what the platform's apps say among themselves is theirs
    (clash,) = catalogs.clashes({"ours.po": ours}, {"admin": admin, "other": other})
    assert "'History' has another translation in admin" in clash


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_none_of_our_texts_has_two_translations(language: str) -> None:
    assert catalogs.all_clashes(language) == []
