"""Charts as inline SVG: bars, lines, what stands beside what, and where their words stand."""
