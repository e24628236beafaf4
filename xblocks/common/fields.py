"""Field types the blocks share."""

from xblock.fields import Dict


class Kept(Dict):
    """A value that is replaced as a whole and never changed in place: XBlock needs no copy of it to see whether it was."""

    MUTABLE = False
