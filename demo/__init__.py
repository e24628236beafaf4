"""The demo site: what a real site has around our blocks and apps, on the xblock-sdk workbench; never in the wheel."""
