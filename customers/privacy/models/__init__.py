from customers.privacy.models.erasure import Erasure

__all__ = ["Erasure"]
