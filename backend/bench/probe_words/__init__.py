"""What the recogniser of probes writes for short words."""
