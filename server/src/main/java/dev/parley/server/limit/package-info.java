/**
 * Limits that concern more than one entrance: who counts as one address, how fast something may go, and how often which limit was reached. Nothing here knows
 * sockets.
 */
package dev.parley.server.limit;
