"""The plugin is found, loaded and says who it is."""

from __future__ import annotations

from tests.tutor.projects import Project


def test_tutor_loads_it(project: Project) -> None:
    assert "nassij" in project.config["PLUGINS"]
    assert "enabled" in next(
        line for line in project.tutor("plugins", "list").splitlines() if line.startswith("nassij")
    )


def test_it_has_commands_of_its_own(project: Project) -> None:
    assert "tutor nassij" in project.tutor("nassij", "--help")
