"""Instrument versions; the files of the published ones lie beside."""
