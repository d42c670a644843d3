/** Routing's parts by themselves. */
package dev.parley.server.routing;
