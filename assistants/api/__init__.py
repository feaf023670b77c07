"""The JSON API at `/api/`, for scripts: the services and selectors of the pages, as JSON."""
