"""Template tags of the suite's pages."""
