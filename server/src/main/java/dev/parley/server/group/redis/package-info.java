/** Memberships, read positions and known users in Redis, shared by all instances. */
package dev.parley.server.group.redis;
