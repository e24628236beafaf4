"""What members answer, and what the association says together."""
