"""What can go wrong on the way to a provider of OpenID Connect and back, in words for officials."""

from kernel.web.problem import ProblemError

AGAIN = "请返回登录页重新登录；仍不成功的，请联系管理员。"


def unreachable() -> ProblemError:
    """Say that the provider does not answer."""
    return ProblemError(
        503,
        "oidc-unreachable",
        title="身份认证系统连不上",
        detail="身份认证系统没有应答，尚未登录。",
        fix="请稍后再试，或者改用账号口令登录。",
    )


def untrue() -> ProblemError:
    """Say that what came back is not what we asked for, or not from whom."""
    return ProblemError(
        403,
        "oidc-untrue",
        title="登录没有完成",
        detail="身份认证系统返回的内容无法核实，或者本次登录已经过期。",
        fix=AGAIN,
    )


def refused() -> ProblemError:
    """Say that the provider, or its user, said no."""
    return ProblemError(
        403,
        "oidc-refused",
        title="登录没有完成",
        detail="身份认证系统没有同意本次登录。",
        fix=AGAIN,
    )


def unknown_identity(issuer: str, subject: str) -> ProblemError:
    """Say that nobody here is linked to whom the provider names."""
    return ProblemError(
        403,
        "identity-unknown",
        title="没有对应的账号",
        detail=f"身份认证系统 {issuer} 的用户“{subject}”在本平台没有对应的账号，或者账号已停用。",
        fix="请把以上内容告知管理员，由管理员与您的账号对应后再登录。",
    )
