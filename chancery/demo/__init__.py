"""The invented council: a session folder and no code."""
