"""Forms of acts, made from the acts' own schemas: no act has a form of its own to keep."""
