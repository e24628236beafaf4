"""Plugin settings, merged into the platform's own."""
