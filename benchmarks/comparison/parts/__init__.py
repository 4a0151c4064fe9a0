"""What is measured, one file each: `run(engines, effort)` gives what goes into the results, ready for JSON."""
