"""What was frozen, and how it is shown and compared."""
