"""Tests of council."""
