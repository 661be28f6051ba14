"""Password hashing for tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """Argon2id with the least work: a server with the real hasher verifies these hashes too."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
