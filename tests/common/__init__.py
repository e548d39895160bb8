"""Tests of the ground that all floors stand on."""
