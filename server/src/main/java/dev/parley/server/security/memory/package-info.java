/** Revocations and tickets in this process, where there is no Redis. */
package dev.parley.server.security.memory;
