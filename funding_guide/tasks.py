"""Background work of this app, registered with `nassij.common.jobs`."""

from nassij.common.jobs import job_kind

from .guides.editions import BUILD, build

job_kind(BUILD)(build)
