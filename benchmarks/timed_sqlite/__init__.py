"""Django's SQLite backend that keeps account of the CPU time spent inside the database driver."""
