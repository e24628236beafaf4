"""The action plan: recommendations, actions, reminders."""
