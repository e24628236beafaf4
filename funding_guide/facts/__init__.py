"""What an association says of itself for public funding."""
