"""`tutor nassij doctor`: what an operator wants to know before anybody else notices, and what to do about it."""
