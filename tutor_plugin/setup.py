"""Build of `tutor-contrib-nassij`: what needs code is the message catalogs, compiled from the committed `.po` files."""

import os
from datetime import UTC, datetime
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

PACKAGE = Path(__file__).parent / "tutornassij"
BUILT = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), tz=UTC)


def package_data() -> list[str]:
    """Every file that is not Python: templates, patches, catalogs, the wheels for the image."""
    return [
        str(path.relative_to(PACKAGE))
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    ]


class BuildWithCatalogs(build_py):
    """`build_py` that first compiles the message catalogs."""

    def run(self) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for po in PACKAGE.rglob("*.po"):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                catalog = read_po(source, locale=po.parent.parent.name)
                catalog.creation_date = catalog.revision_date = BUILT
                write_mo(target, catalog)
        self.distribution.package_data = self.package_data = {"tutornassij": package_data()}
        super().run()


setup(
    packages=find_packages(include=["tutornassij", "tutornassij.*"]),
    package_data={"tutornassij": package_data()},
    cmdclass={"build_py": BuildWithCatalogs},
)
