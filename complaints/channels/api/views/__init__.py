"""One file per what is asked for: filing, following, the public, reference data, the page about it all."""
