"""The parameters of rules of procedure, as typed groups: convening, deciding, keeping.

A group holds only what a rule set may state; whatever a set leaves out has the default written here,
which the schema of rule sets shows too.
"""
