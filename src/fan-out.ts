/** Educators whom one event may be told to. It names a tenth of these at most: only the directory can find more, and they are one write. */
export const MOST_RECIPIENTS = 10_000

/** Notifications that one request may make. As many as fit into it when 230 events name 1,000 educators each, and some more. */
export const MOST_NOTIFICATIONS = 250_000
