"""`roledeck lint`: what is wrong in the config files, and what another AWS tool would read differently; pure tables of rules."""
