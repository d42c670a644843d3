/** The contracts of groups' stores, held against those in Redis. */
package dev.parley.server.group.redis;
