"""Which accounts and roles there are, as AWS and other programs' files say: Identity Center, Organizations, one's own policies, imports."""
