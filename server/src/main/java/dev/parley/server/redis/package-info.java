/**
 * The one way to Redis: held connections, scripts, subscriptions and the names of keys. Features build their stores on it, in their own {@code redis} packages.
 *
 * <p>Whether there is a Redis at all is decided here, by {@code quarkus.redis.hosts}.
 */
package dev.parley.server.redis;
