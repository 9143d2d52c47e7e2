"""The floor: questions put, objections, ballots; and the result, which never changes."""
