/** The contract of presence's store, held against the one in Redis. */
package dev.parley.server.presence.redis;
