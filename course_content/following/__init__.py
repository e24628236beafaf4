"""Who has stopped learning, and where: for those who can call them."""
