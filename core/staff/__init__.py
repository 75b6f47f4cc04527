"""People of the city hall and service identities of channels: how they prove who they are."""
