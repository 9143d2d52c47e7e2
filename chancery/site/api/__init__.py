"""The API under /api/: the same acts through the same door, and reads of what the token's person may see."""
