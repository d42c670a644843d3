/** Revocations and tickets in Redis, shared by all instances. */
package dev.parley.server.security.redis;
