/** The log of an instance without Redis: lost with the process, otherwise the same promises. */
package dev.parley.server.log.memory;
