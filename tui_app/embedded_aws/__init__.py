"""The AWS of `roledeck demo` and of the tests: moto behind a gate that refuses what AWS refuses."""
