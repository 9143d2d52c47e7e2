"""Akoma Ntoso 1.0 (OASIS LegalDocML): a text with its brackets as XML, out and in."""
