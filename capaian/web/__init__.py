"""The pages: translate a request, call a room, answer in Indonesian."""
