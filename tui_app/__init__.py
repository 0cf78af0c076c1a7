"""roledeck: become a role in any AWS account, see how long it lasts, and hand it on."""

__version__ = "0.1.0"
