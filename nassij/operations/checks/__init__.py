"""What is looked at, one module per concern; each registers its checks."""
