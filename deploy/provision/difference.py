"""What is not as it should be on a server, in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing: a stable code, where it is, and a Chinese sentence.

    `is_safe` if provisioning can put it right without losing anything.
    """

    code: str
    where: str
    message: str
    is_safe: bool = True

    def words(self) -> str:
        """Say it in one line."""
        return f"{self.code}  {self.where}：{self.message}"
