"""Settings of funding_guide."""
