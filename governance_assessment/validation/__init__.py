"""The coach's desk and the coach's word beside each answer."""
