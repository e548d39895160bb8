"""What is published: tables as files and as a workbook, and the release that holds them."""
