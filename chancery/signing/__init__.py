"""Signing: decisions opened for signature, and what each member signed with its own key."""
