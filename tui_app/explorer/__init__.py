"""Looking round an account."""
