"""`tutor nassij bundle`: everything a site without Internet needs, in one folder to carry there."""
