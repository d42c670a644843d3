/** The contracts of groups' stores, held against those in memory. */
package dev.parley.server.group.memory;
