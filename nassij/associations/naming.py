"""An association's names: which one a reader sees, and comparing them as people write them.

The same association, whatever the hamza, the tatweel or the capital letters.
"""

import re
import unicodedata

from nassij.common.locale import active_language

# Letters that Moroccan writers use for one another: alef with and without hamza, final ya and alef maqsura, ta marbuta and ha.
_SAME = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})
_MARKS = re.compile(r"[^\w]+|_")
MAX_LENGTH = 191


def name_key(name: str) -> str:
    """The name without accents, vowel signs, tatweel, punctuation, case or double spaces: what two spellings share."""
    without_marks = "".join(
        character
        for character in unicodedata.normalize("NFKD", name.translate(_SAME))
        if not unicodedata.combining(character)
    )
    words = _MARKS.sub(" ", without_marks.translate(_SAME).casefold()).split()
    return " ".join(words)[:MAX_LENGTH]


def shown(name: str, name_fr: str) -> str:
    """The name for who reads the page: in Latin letters outside Arabic, where the association has told one."""
    return name if active_language() == "ar" else name_fr or name


def beside(name: str, name_fr: str) -> str:
    """The other name, to stand quietly beside the one `shown`; empty when there is no other."""
    return next((other for other in (name, name_fr) if other and other != shown(name, name_fr)), "")


class TwoNames:
    """Mixin of a value object with an association's `name`, as its members write it, and `name_fr`, in Latin letters or empty."""

    name: str
    name_fr: str

    @property
    def shown_name(self) -> str:
        """The name in the language of the page."""
        return shown(self.name, self.name_fr)

    @property
    def other_name(self) -> str:
        """The other name, or nothing."""
        return beside(self.name, self.name_fr)
