"""The council: its members, people and their role grants, keys, bodies, chairmanship, symbol series, rules."""
