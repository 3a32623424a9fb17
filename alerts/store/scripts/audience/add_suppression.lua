#!lua flags=allow-oom
-- Puts an address on the list of those that nothing is sent to. Returns 1, or 0 if it was there.
-- KEYS suppressed   ARGV identity, reason as JSON   Twice is once: the first reason stays.
return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
