"""The file an association prepares for a call: its documents, who sees to them, what still blocks."""
