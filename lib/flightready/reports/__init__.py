"""Reports: a pilot's notebooks run in a batch and put into one page that opens anywhere, offline."""
