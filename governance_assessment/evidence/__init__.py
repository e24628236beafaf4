"""Documents that show an answer: attached by members, frozen with the round, seen by the association and its coach."""
