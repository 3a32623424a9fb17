#!lua flags=allow-oom
-- Says to whoever follows that something happened; the oldest are forgotten.
-- KEYS events   ARGV kind, event as JSON, about how many are kept   Twice is there twice, which is harmless.
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'kind', ARGV[1], 'data', ARGV[2])
