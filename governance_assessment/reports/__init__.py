"""What an association takes home of a round: its report as PDF, its own data, and the blank questionnaire."""
