"""What a run is beside its stages: its hold on the output folder, what it has to do, and what it leaves for people to read."""
