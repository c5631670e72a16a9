"""What ads cost: reports of ad platforms read, kept by day and campaign, and joined with what visitors came by."""
