"""Reference guides: from a source to an edition, from an edition to files, from files to people."""
