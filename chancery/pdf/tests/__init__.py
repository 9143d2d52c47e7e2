"""Tests of the PDF builder."""
