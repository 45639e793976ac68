"""A technical interview of ten questions: what is asked, what an answer says of it, and what it is worth."""
