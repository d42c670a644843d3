/** What only the log in memory does. */
package dev.parley.server.log.memory;
