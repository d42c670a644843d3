/** The link to Redis, held against a real redis-server that is killed, stalled and demoted. */
package dev.parley.server.redis;
