"""Tests of floor."""
