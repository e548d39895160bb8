"""Where the warehouse's tables, and the locks of what runs share, live: one seam, its stores."""
