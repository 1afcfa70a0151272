"""How much the properties are tried: quickly on a desk, thoroughly before a change lands."""

from hypothesis import settings

# no deadline: a slow machine must not fail a test that measures nothing
settings.register_profile("quick", deadline=None, max_examples=100)
settings.register_profile("thorough", deadline=None, max_examples=600, print_blob=True)
settings.load_profile("quick")
