"""Faults: servers killed, power cut, disks filled, many writers at once; nothing acknowledged may go."""
