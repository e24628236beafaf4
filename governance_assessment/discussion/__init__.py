"""Where members differ, and settling it."""
