/** What `allim --help` prints. */
export const help = `allim: real-time notifications for educators

Usage: allim [command]

  serve                   takes events in and serves educators (the default)
  demo                    the same on a sample school, with a page to play with
  token --educator 42     prints an access token; --hours 12 sets how long it holds
  check                   says whether the settings and every connection are right
  import FILE             adds students, courses .. to the embedded directory, from a JSON document or from rows by lines
  health                  asks the server on this machine whether it is ready
  --help, --version

Settings come from the environment; each is also accepted with _FILE, the path of a file that holds it.

  PORT, HOST              where it listens: 3000, 0.0.0.0 (demo: 127.0.0.1)
  DATA_DIR                the embedded drivers' files: ./data (demo: ./data/demo)
  EDUCATOR_TOKEN_SECRET   secrets of HS256 access tokens, comma-separated: this or the next is required
  EDUCATOR_JWKS_URL       where the public keys of access tokens are
  EDUCATOR_ALGORITHMS     which of RS256,ES256,EdDSA are accepted: all
  EDUCATOR_CLAIM          the claim that holds the educator's index: userIndex
  SOURCES                 name:secret pairs of LMSs, comma-separated: required
  ALLOWED_ORIGINS         origins of pages, comma-separated: only the own origin
  DEFAULT_LANGUAGE        when a client asks for none that is known, ko or en: ko
  TIME_ZONE               of the dates in texts: Asia/Seoul
  FILTERABLE              further data fields to filter on, such as room,score2:number: none
  RETENTION_DAYS          how long history is kept: 180
  SOURCE_RATE             requests of one source in a second: 1000
  SOCKETS_PER_TOKEN       sockets of one access token: 20
  SOCKETS_PER_EDUCATOR    sockets of one educator, whatever the tokens: 100
  UNCONNECTED             connections that have not shown a good token yet, all together: 5000
  CONNECT_WITHIN          seconds that a connection may be without a good token, before it is cut: 10
  EVENT_RATE              events of one educator's clients in a second, before they are refused: 50
  CLIENT_RATE             packets of one connection in a second, before it is cut: 200
  WAITING_BYTES           bytes that may wait for a client that takes nothing, before it is cut: 1048576
  SIGNED_BYTES            bytes of signed bodies under way at once: 33554432
  SPARE_DESCRIPTORS       file descriptors kept free, on Linux: 200
  STOP_TIMEOUT            seconds that a stop may take: 10
  LOG_LEVEL               trace, debug, info, warn, error, fatal or silent: info (demo: warn)`
