"""What is looked at whenever the configuration is loaded: values that cannot work, and Kubernetes without a shared store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tutor import hooks
from tutor.types import Config

from tutornassij import refusal, values
from tutornassij.i18n import _

STARTS = frozenset({"start", "launch", "reboot", "init", "apply", "restart", "upgrade"})


def problems_on_kubernetes(config: Config, path: tuple[str, ...]) -> Iterator[str]:
    """Pods have no folder in common: a document that one stores, the next would not find."""
    if "k8s" in path and STARTS.intersection(path) and not has_shared_store(config):
        yield _(
            "on Kubernetes files must be in an S3 store, else each pod keeps its own and they are lost with it. "
            "Set NASSIJ_STORAGE=s3 and the NASSIJ_S3_… settings."
        )


def has_shared_store(config: Any) -> bool:
    """Ours, or that of tutor-minio together with a private store."""
    return config["NASSIJ_STORAGE"] == "s3" or ("minio" in config["PLUGINS"] and bool(config["NASSIJ_PRIVATE_STORAGE"]))


@hooks.Actions.CONFIG_LOADED.add()
def _look(config: Config) -> None:
    refusal.refuse(*values.problems(config), *problems_on_kubernetes(config, refusal.command_path()))
