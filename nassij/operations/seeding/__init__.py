"""What a new site starts with: `manage.py lms nassij_seed`. Each step looks first and writes only what is missing."""
