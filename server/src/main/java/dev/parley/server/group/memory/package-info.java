/** Memberships, read positions and known users of an instance without Redis, gone when it ends. */
package dev.parley.server.group.memory;
