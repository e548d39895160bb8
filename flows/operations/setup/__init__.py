"""What is declared held against itself, and the doctor."""
