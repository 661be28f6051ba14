"""What happens by itself: jobs that run every minute."""
