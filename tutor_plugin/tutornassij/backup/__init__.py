"""`tutor nassij backup | verify | restore`: databases, files and settings, whole or not at all.

A backup is a folder below `backups/` in the project (never in `env/`, which Tutor may empty): one compressed file for each thing
saved, `manifest.json` saying what they are, `SHA256SUMS` over all of them. Everything in it can be read with gzip, tar and the
databases' own programs, without Tutor and without us.
"""
