"""Build of `openedx-nassij`; the static metadata live in pyproject.toml.

What needs code: the version (one place), the run-time requirements (one place), the package data (templates, static files,
course sources, instruments) and the gettext catalogs, which are compiled from the committed `.po` files at build time.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
BUILT = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), tz=UTC)
PACKAGES = ["nassij", "xblocks", "governance_assessment", "funding_guide", "course_content"]
DATA_SUFFIXES = {
    ".html",
    ".txt",
    ".css",
    ".js",
    ".svg",
    ".json",
    ".yaml",
    ".md",
    ".mo",
    ".po",
    ".typ",
    ".ttf",
    ".png",
    ".csv",
}


def version() -> str:
    """The `__version__` of the ground-floor package."""
    line = next(line for line in (ROOT / "nassij/__init__.py").read_text("utf-8").splitlines() if "__version__" in line)
    return line.split('"')[1]


def requirements() -> list[str]:
    """The run-time requirements, from the file that the locks are made of."""
    lines = (ROOT / "requirements/base.in").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def package_data() -> dict[str, list[str]]:
    """Every data file below our packages, relative to its top-level package."""
    return {
        package: [
            str(path.relative_to(ROOT / package))
            for path in sorted((ROOT / package).rglob("*"))
            if path.is_file() and path.suffix in DATA_SUFFIXES
        ]
        for package in PACKAGES
        if (ROOT / package).is_dir()
    }


def compile_catalogs() -> None:
    """Write a `.mo` beside each committed `.po`; the demo's too, where it is there, though it is never packaged."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for package in [*PACKAGES, "demo"]:
        for po in (ROOT / package).rglob("*.po"):
            with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
                catalog = read_po(source, locale=po.parent.parent.name)
                catalog.creation_date = catalog.revision_date = BUILT  # Babel's would be the time of the build
                write_mo(target, catalog)


class BuildWithCatalogs(build_py):
    """`build_py` that first compiles the message catalogs."""

    def run(self) -> None:
        compile_catalogs()
        self.distribution.package_data = package_data()
        self.package_data = self.distribution.package_data
        super().run()


setup(
    version=version(),
    install_requires=requirements(),
    packages=find_packages(include=[pattern for name in PACKAGES for pattern in (name, f"{name}.*")]),
    package_data=package_data(),
    cmdclass={"build_py": BuildWithCatalogs},
)
