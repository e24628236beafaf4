"""`tutor nassij clean`: what the plugin left in the rendered environment; never anybody's data."""
