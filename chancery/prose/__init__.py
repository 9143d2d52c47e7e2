"""Negotiated text: units, canonical form, renderings. Pure: no clock, no database, no Django."""
