"""What changed between two versions, in Arabic, French and English: one sentence for each change, one for the whole."""

from __future__ import annotations

from collections.abc import Iterable

from governance_assessment.domain import Change, ChangeCode, Size

from .messages import LANGUAGES

#: code -> (Arabic, French, English)
_CHANGES: dict[str, tuple[str, str, str]] = {
    "wording": (
        "تغيرت الصياغة أو الترجمة: {of}",
        "formulation ou traduction modifiée : {of}",
        "wording or translation changed: {of}",
    ),
    "order": ("تغير الترتيب", "l’ordre a changé", "the order changed"),
    "laws": ("تغيرت لائحة القوانين", "la liste des lois a changé", "the list of laws changed"),
    "language_added": ("أضيفت اللغة {of}", "langue ajoutée : {of}", "language added: {of}"),
    "language_removed": ("حذفت اللغة {of}", "langue retirée : {of}", "language removed: {of}"),
    "scale": ("تغير السلم", "l’échelle a changé", "the scale changed"),
    "rules": ("تغيرت قواعد التنقيط", "les règles de calcul ont changé", "the scoring rules changed"),
    "bands": ("تغيرت النطاقات", "les tranches ont changé", "the bands changed"),
    "caps": ("تغيرت السقوف", "les plafonds ont changé", "the caps changed"),
    "question_added": ("أضيف سؤال التعريف {of}", "question de profil ajoutée : {of}", "profile question added: {of}"),
    "question_removed": (
        "حذف سؤال التعريف {of}",
        "question de profil retirée : {of}",
        "profile question removed: {of}",
    ),
    "question_reworded": (
        "تغير معنى سؤال التعريف {of}",
        "le sens de la question de profil {of} a changé",
        "the meaning of profile question {of} changed",
    ),
    "section_added": ("أضيف المجال {of}", "domaine ajouté : {of}", "area added: {of}"),
    "section_removed": ("حذف المجال {of}", "domaine retiré : {of}", "area removed: {of}"),
    "section_rules": (
        "تغير معامل المجال {of} أو حسابه أو موضعه",
        "le coefficient, le calcul ou la place du domaine {of} a changé",
        "weight, calculation or place of area {of} changed",
    ),
    "indicator_added": ("أضيف المؤشر {of}", "indicateur ajouté : {of}", "indicator added: {of}"),
    "indicator_removed": ("حذف المؤشر {of}", "indicateur retiré : {of}", "indicator removed: {of}"),
    "indicator_renamed": (
        "تغير رمز المؤشر {of}",
        "le code de l’indicateur {of} a changé",
        "the code of indicator {of} changed",
    ),
    "indicator_moved": (
        "انتقل المؤشر {of} إلى مجال آخر",
        "l’indicateur {of} a changé de domaine",
        "indicator {of} moved to another area",
    ),
    "weight": (
        "تغير معامل المؤشر {of}",
        "le coefficient de l’indicateur {of} a changé",
        "the weight of indicator {of} changed",
    ),
    "critical": (
        "صار المؤشر {of} نقطة حرجة أو لم يعد كذلك",
        "l’indicateur {of} est devenu un point critique ou ne l’est plus",
        "indicator {of} became a critical point or no longer is",
    ),
    "express": (
        "دخل المؤشر {of} الصيغة المختصرة أو خرج منها",
        "l’indicateur {of} est entré dans le format express ou en est sorti",
        "indicator {of} joined or left the express form",
    ),
    "condition_removed": (
        "صار المؤشر {of} يهم كل الجمعيات",
        "l’indicateur {of} concerne désormais toutes les associations",
        "indicator {of} now concerns every association",
    ),
    "condition": (
        "تغير شرط المؤشر {of} أو ضاق",
        "la condition de l’indicateur {of} a changé ou s’est restreinte",
        "the condition of indicator {of} changed or became narrower",
    ),
    "indicator_scale": (
        "تغير سلم المؤشر {of}",
        "l’échelle de l’indicateur {of} a changé",
        "the scale of indicator {of} changed",
    ),
    "levels": (
        "المستويات الموصوفة في المؤشر {of} ليست نفسها",
        "l’indicateur {of} ne décrit plus les mêmes niveaux",
        "indicator {of} does not describe the same levels",
    ),
    "meaning": (
        "تغير معنى مستويات المؤشر {of}",
        "le sens des niveaux de l’indicateur {of} a changé",
        "the meaning of the levels of indicator {of} changed",
    ),
}

_SIZES: dict[Size, tuple[str, str, str]] = {
    Size.PATCH: ("تصحيح", "correctif", "patch"),
    Size.MINOR: ("فرعية", "mineure", "minor"),
    Size.MAJOR: ("رئيسية", "majeure", "major"),
}

_WHOLE = ("المقدمة", "l’en-tête", "the heading")


def change_text(change: Change, language: str) -> str:
    """A change as one sentence."""
    column = LANGUAGES.index(language)
    return _CHANGES[change.code][column].format(of=change.of or _WHOLE[column])


def size_text(size: Size, language: str) -> str:
    """What a step of a version number is called."""
    return _SIZES[size][LANGUAGES.index(language)]


def grouped(found: Iterable[Change], language: str) -> list[tuple[Size, list[str]]]:
    """The changes in words, the largest first; what happened to many indicators alike is one sentence."""
    by_code: dict[ChangeCode, list[Change]] = {}
    for change in found:
        by_code.setdefault(change.code, []).append(change)
    merged = [Change(code, ", ".join(filter(None, (one.of for one in alike)))) for code, alike in by_code.items()]
    return [
        (size, [change_text(change, language) for change in merged if change.size is size])
        for size in sorted(Size, reverse=True)
        if any(change.size is size for change in merged)
    ]
