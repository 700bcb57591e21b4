"""The claims ledger: popular statements about loss landscapes, put to the test."""
