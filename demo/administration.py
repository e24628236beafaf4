"""The admin of the demo: what the people of the programme know, and not the workbench's own table."""

from django.contrib import admin
from django.contrib.admin import apps


class DemoAdminConfig(apps.AdminConfig):
    """Django's admin without the state of blocks: JSON nobody should edit, under a name that means nothing to people."""

    def ready(self) -> None:
        super().ready()
        from workbench.models import XBlockState

        admin.site.unregister(XBlockState)
