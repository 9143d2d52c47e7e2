"""Texts while they are negotiated, and the versions frozen for adoption."""
