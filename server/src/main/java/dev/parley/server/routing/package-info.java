/** From an address to who gets it: which channel, under which policy, and what its sender is told. */
package dev.parley.server.routing;
