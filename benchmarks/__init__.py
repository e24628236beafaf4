"""What the performance claims rest on: our blocks and their peers, measured side by side in one run (`make bench`)."""
