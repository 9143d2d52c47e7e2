"""Tests of the ledger: the reference vectors of others, properties, forged and spoiled bytes."""
