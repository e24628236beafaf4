"""Join codes: ten digits, like a telephone number, because they are read aloud and typed on an Arabic keyboard."""

import secrets
import unicodedata

LENGTH = 10


def new_join_code() -> str:
    """A fresh code; the first digit is never 0, which people drop."""
    return str(secrets.randbelow(9) + 1) + "".join(str(secrets.randbelow(10)) for _ in range(LENGTH - 1))


def normalise(typed: str) -> str:
    """The code someone meant: digits of any script as Western digits, everything that is not a digit dropped."""
    digits = (unicodedata.decimal(character, None) for character in typed[:100])
    return "".join(str(digit) for digit in digits if digit is not None)


def shown(code: str) -> str:
    """The code in groups that are easy to read aloud: `1234 567 890`."""
    return f"{code[:4]} {code[4:7]} {code[7:]}".strip()
