"""An edition as files: one module for each format, `files_of` for all of them."""
