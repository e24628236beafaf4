"""What the command line says, in Arabic, French and English.

One line per problem code, with the remedy where there is one. Django's catalogues are not used: the command must run
without settings, and a test checks that every code has all three languages.
"""

from __future__ import annotations

from governance_assessment.domain import Problem, ProblemCode

LANGUAGES = ("ar", "fr", "en")

#: code -> (Arabic, French, English)
_PROBLEMS: dict[str, tuple[str, str, str]] = {
    "too_large": (
        "الملف أكبر من {maximum} بايت",
        "le fichier dépasse {maximum} octets",
        "the file is larger than {maximum} bytes",
    ),
    "too_deep": (
        "التداخل أعمق من {maximum} مستوى",
        "l’imbrication dépasse {maximum} niveaux",
        "nesting is deeper than {maximum} levels",
    ),
    "too_many_nodes": (
        "عدد العناصر أكبر من {maximum} بعد توسيع المراجع",
        "plus de {maximum} éléments une fois les références développées",
        "more than {maximum} items once references are expanded",
    ),
    "cycle": (
        "عنصر يحتوي على نفسه عبر مرجع؛ انسخ المحتوى بدل الإحالة إليه",
        "un élément se contient lui-même par une référence ; recopiez le contenu",
        "an item contains itself through a reference; write the content out instead",
    ),
    "syntax": (
        "خطأ في كتابة الملف، السطر {line}: {detail}",
        "erreur de syntaxe, ligne {line} : {detail}",
        "syntax error, line {line}: {detail}",
    ),
    "tag": (
        "الوسم {tag} غير مقبول",
        "l’étiquette {tag} n’est pas acceptée",
        "the tag {tag} is not accepted",
    ),
    "duplicate_key": (
        "المفتاح «{key}» مكرر",
        "la clé « {key} » figure deux fois",
        "the key “{key}” appears twice",
    ),
    "bad_key": (
        "كل مفتاح يجب أن يكون نصا",
        "une clé doit être un texte",
        "a key must be text",
    ),
    "bad_number": (
        "هذا العدد غير مقبول",
        "ce nombre n’est pas accepté",
        "this number is not accepted",
    ),
    "bad_value": (
        "نوع القيمة {type} غير مقبول",
        "une valeur de type {type} n’est pas acceptée",
        "a value of type {type} is not accepted",
    ),
    "schema_version": (
        "صيغة غير معروفة؛ اكتب schema_version: {expected}",
        "format inconnu ; écrivez schema_version: {expected}",
        "unknown format; write schema_version: {expected}",
    ),
    "wrong_type": (
        "نوع القيمة غير صحيح؛ المنتظر: {expected}",
        "mauvais type de valeur ; attendu : {expected}",
        "wrong kind of value; expected {expected}",
    ),
    "missing_key": (
        "ينقص المفتاح «{name}»",
        "il manque la clé « {name} »",
        "the key “{name}” is missing",
    ),
    "unknown_key": (
        "المفتاح «{name}» غير معروف؛ تحقق من كتابته",
        "la clé « {name} » est inconnue ; vérifiez son orthographe",
        "the key “{name}” is unknown; check its spelling",
    ),
    "empty": ("لا يمكن أن يكون فارغا", "ne peut pas être vide", "must not be empty"),
    "bad_format": (
        "«{value}» ليس بالشكل المنتظر",
        "« {value} » n’a pas la forme attendue",
        "“{value}” does not have the expected form",
    ),
    "bad_characters": (
        "يحتوي النص على محارف خفية أو محارف تحكم؛ أعد كتابته",
        "le texte contient des caractères invisibles ou de contrôle ; retapez-le",
        "the text has invisible or control characters; type it again",
    ),
    "too_long": (
        "النص أطول من {maximum} حرف",
        "le texte dépasse {maximum} caractères",
        "the text is longer than {maximum} characters",
    ),
    "not_one_of": (
        "القيمة يجب أن تكون واحدة من: {allowed}",
        "la valeur doit être l’une de : {allowed}",
        "the value must be one of: {allowed}",
    ),
    "out_of_range": (
        "العدد يجب أن يكون بين {minimum} و {maximum}",
        "le nombre doit être entre {minimum} et {maximum}",
        "the number must be between {minimum} and {maximum}",
    ),
    "weight_not_positive": (
        "المعامل يجب أن يكون أكبر من صفر",
        "le coefficient doit être supérieur à zéro",
        "a weight must be more than zero",
    ),
    "sections_and_indicators": (
        "للقسم إما sections وإما indicators، لا الاثنان معا",
        "une section contient soit sections, soit indicators, pas les deux",
        "a section holds either sections or indicators, not both",
    ),
    "no_content": (
        "القسم فارغ؛ أضف sections أو indicators",
        "la section est vide ; ajoutez sections ou indicators",
        "the section is empty; add sections or indicators",
    ),
    "cap_condition": (
        "شرط السقف إما critical_at وإما indicators مع at",
        "la condition est soit critical_at, soit indicators avec at",
        "the condition is either critical_at, or indicators with at",
    ),
    "law_basis_without_law": (
        "الأساس قانوني ولم يذكر أي قانون؛ أضف laws أو غير basis",
        "le fondement est la loi mais aucune loi n’est citée ; complétez laws ou changez basis",
        "the basis is law but no law is named; fill in laws or change basis",
    ),
    "missing_language": (
        "ينقص النص باللغة «{language}»",
        "il manque le texte en « {language} »",
        "the text in “{language}” is missing",
    ),
    "unknown_language": (
        "اللغة «{language}» ليست من لغات الأداة",
        "« {language} » n’est pas une langue de l’instrument",
        "“{language}” is not a language of the instrument",
    ),
    "duplicate_entry": (
        "«{value}» مكرر في القائمة",
        "« {value} » figure deux fois dans la liste",
        "“{value}” appears twice in the list",
    ),
    "duplicate_code": (
        "الرمز «{value}» مستعمل من قبل في {first}",
        "le code « {value} » est déjà utilisé en {first}",
        "the code “{value}” is already used at {first}",
    ),
    "scale_empty": (
        "أعلى السلم يجب أن يكون أكبر من {minimum}",
        "le haut de l’échelle doit dépasser {minimum}",
        "the top of the scale must be more than {minimum}",
    ),
    "scale_too_long": (
        "السلم طويل جدا؛ أقصى حد {maximum}",
        "l’échelle est trop longue ; {maximum} au plus",
        "the scale is too long; {maximum} at most",
    ),
    "level_out_of_scale": (
        "المستوى {level} خارج السلم ({minimum} إلى {maximum})",
        "le niveau {level} est hors de l’échelle ({minimum} à {maximum})",
        "level {level} is not on the scale ({minimum} to {maximum})",
    ),
    "missing_level": (
        "ينقص المستوى {level}",
        "il manque le niveau {level}",
        "level {level} is missing",
    ),
    "points_not_increasing": (
        "النقط يجب أن ترتفع مع المستويات",
        "les points doivent croître avec les niveaux",
        "points must rise with the levels",
    ),
    "unknown_profile_question": (
        "سؤال التعريف «{value}» غير موجود في الأداة",
        "la question de profil « {value} » n’existe pas dans l’instrument",
        "the instrument has no profile question “{value}”",
    ),
    "unknown_law": (
        "القانون «{value}» غير موجود في laws",
        "la loi « {value} » n’est pas dans laws",
        "the law “{value}” is not in laws",
    ),
    "unknown_indicator": (
        "المؤشر «{value}» غير موجود في الأداة",
        "l’indicateur « {value} » n’existe pas dans l’instrument",
        "the instrument has no indicator “{value}”",
    ),
    "unknown_label": (
        "لا يوجد نطاق يحمل الرقم {value}",
        "aucune tranche ne porte le numéro {value}",
        "no band has the label {value}",
    ),
    "bands_not_from_zero": (
        "النطاق الأول يجب أن يبدأ من 0",
        "la première tranche doit commencer à 0",
        "the first band must start at 0",
    ),
    "bands_not_ascending": (
        "النطاق يجب أن يبدأ بعد بداية السابق ({value})",
        "la tranche doit commencer après la précédente ({value})",
        "the band must start after the one before ({value})",
    ),
    "labels_not_ascending": (
        "رقم النطاق يجب أن يكون أكبر من رقم السابق ({value})",
        "le numéro de la tranche doit dépasser celui de la précédente ({value})",
        "the label of a band must be higher than the one before ({value})",
    ),
    "band_above_maximum": (
        "النطاق يبدأ فوق {maximum}، فلا نتيجة تبلغه",
        "la tranche commence au-dessus de {maximum} : aucun score ne l’atteint",
        "the band starts above {maximum}: no score can reach it",
    ),
    "cap_level_out_of_scale": (
        "المستوى {level} لا يصلح للمؤشر «{indicator}»: يجب أن يكون على سلمه ودون أعلاه",
        "le niveau {level} ne convient pas à l’indicateur « {indicator} » : sur son échelle, sous le plus haut",
        "level {level} does not suit indicator “{indicator}”: it must be on its scale, below the top",
    ),
    "cap_never_applies": (
        "السقف يتطلب {count} ولا يراقب إلا {watched}: لن يطبق أبدا",
        "le plafond en demande {count} et n’en surveille que {watched} : il ne jouera jamais",
        "the cap needs {count} and watches only {watched}: it can never apply",
    ),
    "other_instrument": (
        "هذه الأجوبة تخص «{value}» والأداة هي «{expected}»",
        "ces réponses sont celles de « {value} », l’instrument est « {expected} »",
        "these answers are for “{value}”, the instrument is “{expected}”",
    ),
    "critical_not_applicable": (
        "هذه نقطة حرجة تهم كل جمعية: اختر مستوى أو «لا أعرف»",
        "ce point critique concerne toute association : choisissez un niveau ou « Je ne sais pas »",
        "a critical point concerns every association: choose a level or “I don't know”",
    ),
    "reason_required": (
        "«لا ينطبق» يحتاج إلى سبب",
        "« Ne s’applique pas » demande une raison",
        "“Does not apply” needs a reason",
    ),
    "replaces_itself": (
        "النسخة {value} لا تعوض نفسها؛ اكتب رقم النسخة السابقة",
        "la version {value} ne se remplace pas elle-même ; écrivez le numéro de la précédente",
        "version {value} does not replace itself; write the number of the one before",
    ),
    "not_the_replaced": (
        "النسخة المقارن بها هي {value} وليست المذكورة هنا",
        "la version comparée est {value}, pas celle qui est nommée ici",
        "the version compared with is {value}, not the one named here",
    ),
    "not_declared": (
        "المؤشر «{value}» غير مصرح به في replaces؛ أضفه",
        "l’indicateur « {value} » n’est pas déclaré dans replaces ; ajoutez-le",
        "indicator “{value}” is not declared in replaces; add it",
    ),
    "still_there": (
        "المؤشر «{value}» مصرح به محذوفا وهو ما زال في الأداة",
        "l’indicateur « {value} » est déclaré retiré alors qu’il figure encore dans l’instrument",
        "indicator “{value}” is declared retired but is still in the instrument",
    ),
    "wrong_sources": (
        "عدد الرموز في from لا يناسب «{value}»؛ الأدنى: {minimum}",
        "le nombre de codes dans from ne convient pas à « {value} » ; minimum : {minimum}",
        "the number of codes in from does not suit “{value}”; at least {minimum}",
    ),
    "unknown_source": (
        "لا يوجد المؤشر «{value}» في النسخة السابقة",
        "la version précédente n’a pas d’indicateur « {value} »",
        "the version before has no indicator “{value}”",
    ),
    "code_reused": (
        "الرمز «{value}» يدل على مؤشر من النسخة السابقة؛ أعط المؤشر الجديد رمزا آخر",
        "le code « {value} » désigne un indicateur de la version précédente ; donnez-en un autre au nouveau",
        "the code “{value}” means an indicator of the version before; give the new one another code",
    ),
    "not_accounted_for": (
        "لم يذكر مصير المؤشر «{value}» من النسخة السابقة؛ صرح به (retired إن حذف)",
        "rien n’est dit de l’indicateur « {value} » de la version précédente ; déclarez-le (retired s’il est retiré)",
        "nothing is said of indicator “{value}” of the version before; declare it (retired if it is gone)",
    ),
    "accounted_twice": (
        "المؤشر «{value}» من النسخة السابقة مذكور أكثر من مرة",
        "l’indicateur « {value} » de la version précédente est déclaré plusieurs fois",
        "indicator “{value}” of the version before is declared more than once",
    ),
    "split_in_one": (
        "المؤشر «{value}» مقسم إلى جزء واحد فقط؛ يلزم جزءان على الأقل",
        "l’indicateur « {value} » est scindé en une seule partie ; il en faut au moins deux",
        "indicator “{value}” is split into one part only; it takes two at least",
    ),
    "equal_other_scale": (
        "المؤشر «{value}» لا يكون equal: تغير سلمه، فلا تنقل الأجوبة",
        "l’indicateur « {value} » ne peut être equal : son échelle a changé, les réponses ne se reportent pas",
        "indicator “{value}” cannot be equal: its scale changed, answers do not carry over",
    ),
    "equal_other_levels": (
        "المؤشر «{value}» لا يكون equal: المستويات الموصوفة ليست نفسها",
        "l’indicateur « {value} » ne peut être equal : ce ne sont pas les mêmes niveaux qui sont décrits",
        "indicator “{value}” cannot be equal: not the same levels are described",
    ),
    "equal_other_wording": (
        "المؤشر «{value}» لا يكون equal: تغير نص مستوياته بأكثر من تصحيح إملائي",
        "l’indicateur « {value} » ne peut être equal : le texte de ses niveaux a changé au-delà d’une faute de frappe",
        "indicator “{value}” cannot be equal: the text of its levels changed by more than a typing mistake",
    ),
    "not_the_next_level": (
        "التوصية ترفع بمستوى واحد؛ اكتب to: {expected}",
        "une recommandation fait monter d’un seul niveau ; écrivez to: {expected}",
        "a recommendation climbs one level; write to: {expected}",
    ),
}

#: What the command itself says.
_SENTENCES: dict[str, tuple[str, str, str]] = {
    "unreadable": (
        "تعذرت قراءة الملف: {detail}",
        "le fichier ne peut pas être lu : {detail}",
        "the file cannot be read: {detail}",
    ),
    "valid": (
        "{slug} {version}: الأداة سليمة. المجالات: {sections}، المؤشرات: {indicators}، منها في الصيغة المختصرة: {express}",
        "{slug} {version} : instrument valide. Domaines : {sections}, indicateurs : {indicators}, au format express : {express}",
        "{slug} {version}: the instrument is valid. Areas: {sections}, indicators: {indicators}, in the express form: {express}",
    ),
    "step_fits": (
        "من {old} إلى {new}: الرقم يناسب التغييرات (نسخة {size})",
        "de {old} à {new} : le numéro convient aux changements (version {size})",
        "from {old} to {new}: the number suits the changes ({size})",
    ),
    "step_too_small": (
        "الرقم {new} لا يكفي بعد {old}: هذه التغييرات تتطلب نسخة {size}",
        "le numéro {new} ne suffit pas après {old} : ces changements demandent une version {size}",
        "the number {new} is not enough after {old}: these changes need a {size} version",
    ),
    "valid_recommendations": (
        "{slug}: التوصيات سليمة وعددها {number}",
        "{slug} : recommandations valides, au nombre de {number}",
        "{slug}: the recommendations are valid, {number} in all",
    ),
    "missing_step": (
        "المؤشر {code}: تنقص التوصية من المستوى {start} إلى {goal}؛ أضفها",
        "indicateur {code} : il manque la recommandation du niveau {start} au niveau {goal} ; ajoutez-la",
        "indicator {code}: the recommendation from level {start} to {goal} is missing; add it",
    ),
    "doubled_step": (
        "المؤشر {code}: توجد توصيتان من المستوى {start} إلى {goal}؛ احذف إحداهما",
        "indicateur {code} : deux recommandations du niveau {start} au niveau {goal} ; supprimez-en une",
        "indicator {code}: two recommendations from level {start} to {goal}; delete one",
    ),
}

#: The kinds of value a document is made of.
_KINDS: dict[str, tuple[str, str, str]] = {
    "mapping": ("مفاتيح وقيم", "clés et valeurs", "keys and values"),
    "list": ("قائمة", "une liste", "a list"),
    "text": ("نص (بين علامتي اقتباس)", "un texte (entre guillemets)", "text (in quotes)"),
    "integer": ("عدد صحيح", "un nombre entier", "a whole number"),
    "number": ("عدد", "un nombre", "a number"),
    "boolean": ("true أو false", "true ou false", "true or false"),
}


def problem_text(problem: Problem, language: str) -> str:
    """A problem as one sentence."""
    column = LANGUAGES.index(language)
    params = dict(problem.params)
    if problem.code is ProblemCode.WRONG_TYPE:
        params["expected"] = _KINDS[str(params["expected"])][column]
    return _PROBLEMS[problem.code][column].format(**params)


def sentence(key: str, language: str, **params: object) -> str:
    """One of the command's own sentences."""
    return _SENTENCES[key][LANGUAGES.index(language)].format(**params)
