"""The courses: sources, the compiler to OLX and the importer."""
