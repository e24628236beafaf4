"""`python -m course_content preview`: the units as learners see them while they are written, each language beside the other.

A small site of its own on this machine: the real block in a runtime that keeps answers in memory. The demo shows the same with
accounts, progress and a database; this one starts in two seconds and needs nothing.
"""
