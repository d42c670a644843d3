/**
 * From the log to the sockets: live channels put entries in order, fan-out hands one encoded buffer to each event loop, outlets write it or catch up later.
 *
 * <p>The only package that touches Netty.
 */
package dev.parley.server.delivery;
