"""Faults: servers killed, power cut, disks filled, many writers at once; what was acknowledged must be there."""
