/** The hub, by feature: each sub-package is one, and the way of a message leads gateway, routing, log, delivery. */
package dev.parley.server;
