"""A publication as one PDF, tagged for screen readers (PDF/UA)."""
