/** The leases and bells of nodes in Redis. */
package dev.parley.server.cluster.redis;
