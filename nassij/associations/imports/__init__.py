"""Importing associations and their people from a table: read, plan (the dry run), apply, undo."""
