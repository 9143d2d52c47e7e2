"""Sessions and their meetings: delegations, credentials, presence, agenda, circulars, speeches."""
