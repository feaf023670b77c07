"""How many reviews wait for somebody, counted in the query that every page makes."""

COUNT_WAITING = (
    '(SELECT count(*) FROM "assistants_reviewer" r WHERE r."user_id" = u."id"'
    ' AND r."workspace_id" = w."id" AND r."is_waiting")'
)
"""SQL about user `u` and workspace `w`, along the index `review_waiting`."""
