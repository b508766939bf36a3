"""Settings, addresses and the data folder of the web app."""
