"""What an operator has of the suite: a site that says whether it works, and what to do where it does not."""
