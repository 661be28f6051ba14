"""Generated cases are judged by their results, not by how busy the machine is."""

from hypothesis import HealthCheck, settings

settings.register_profile("whatever the load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever the load")
