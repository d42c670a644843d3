/** The log on real Redis servers, which are stalled, killed and emptied. */
package dev.parley.server.log.redis;
