"""Pages outside courses, a module per subject."""
