/**
 * The WebSocket endpoint {@code /v1/connect}: upgrade, one state machine for each connection, and what each request does.
 *
 * <p>Begin with {@link dev.parley.server.gateway.ConnectRoute}, then {@link dev.parley.server.gateway.Session}.
 */
package dev.parley.server.gateway;
