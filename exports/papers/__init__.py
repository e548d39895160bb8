"""What people write down about quality: the QA log, and the log of assumptions and caveats."""
