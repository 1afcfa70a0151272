"""The addresses that every page may lead to."""

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
SIGN_IN_ELSEWHERE, COME_BACK = "/sign-in/oidc", "/sign-in/oidc/return"
OPEN = frozenset({SIGN_IN, SIGN_OUT, SIGN_IN_ELSEWHERE, COME_BACK})
"""Where strangers are let in, for there they say who they are."""

OWN_ACCOUNT, OWN_PASSWORD = "/console/account", "/console/account/password"
