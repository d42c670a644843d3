/**
 * The fault laboratory: whole hubs behind proxies, with every fault of the network, the processes and Redis laid on while a seeded crowd talks, and builds broken
 * on purpose that show that the checker sees what it is there for.
 */
package dev.parley.server.faults;
