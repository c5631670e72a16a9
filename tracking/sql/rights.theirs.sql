(
    visitor_id in (select visitor_id from their_visitors)
    or coalesce(user_id in (select user_id from their_users), false)
    or coalesce((source_id, transaction_id) in (select (source_id, transaction_id) from their_orders), false)
)
