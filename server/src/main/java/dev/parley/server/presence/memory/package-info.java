/** Presence on an instance without Redis. */
package dev.parley.server.presence.memory;
