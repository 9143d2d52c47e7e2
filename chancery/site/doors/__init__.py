"""The doors of the house: signing in and its means, invitations, recovery, the operator's way in."""
