"""The Tutor plugin: what an operator enables, and what Tutor then renders, builds and starts. Knows Tutor, nothing of Django."""
