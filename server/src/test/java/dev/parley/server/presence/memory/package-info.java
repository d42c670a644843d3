/** The contract of presence's store, held against the one in memory. */
package dev.parley.server.presence.memory;
