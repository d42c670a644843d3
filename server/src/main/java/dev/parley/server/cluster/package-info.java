/**
 * The instances as one hub: who they are, which of them live, and how one asks another for what only the holder of a socket can do.
 *
 * <p>Without Redis there is one instance and everything stays inside it.
 */
package dev.parley.server.cluster;
