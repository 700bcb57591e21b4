"""The claims ledger: popular claims about loss landscapes, tested."""
