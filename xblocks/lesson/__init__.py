"""The parts behind the lesson block: its model, its two written forms (OLX and Markdown source), progress and rendering.

`model`, `problems`, `located`, `markdown`, `source` and `olx` know neither Django nor XBlock, so that the course compiler and the
Studio form share one reader of lesson sources.
"""
