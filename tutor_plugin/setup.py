"""Build of `tutor-contrib-nassij`: what needs code is the message catalogs, compiled from the committed `.po` files."""

from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

PACKAGE = Path(__file__).parent / "tutornassij"


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
                write_mo(target, read_po(source, locale=po.parent.parent.name))
        self.distribution.package_data = self.package_data = {"tutornassij": package_data()}
        super().run()


setup(
    packages=find_packages(include=["tutornassij", "tutornassij.*"]),
    package_data={"tutornassij": package_data()},
    cmdclass={"build_py": BuildWithCatalogs},
)
