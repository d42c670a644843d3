/**
 * A load generator: {@code parley bench} is built on it, and the comparison with other servers under {@code deploy/load}. No part of the client's API; may
 * change at any time.
 *
 * <p>A {@link dev.parley.client.bench.Reactor} is a thread with its sockets, a {@link dev.parley.client.bench.Member} one connection, which speaks the
 * {@link dev.parley.client.bench.Dialect} of the server under test. A {@link dev.parley.client.bench.Load} has members send and measures what comes; the
 * other scenarios have a class each.
 */
package dev.parley.client.bench;
