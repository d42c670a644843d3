/** Presence in Redis, shared by all instances. */
package dev.parley.server.presence.redis;
