"""Answer sheets for workshops: a workbook out, filled in together, and back in through a dry run."""
