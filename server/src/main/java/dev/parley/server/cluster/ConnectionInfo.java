package dev.parley.server.cluster;

/**
 * One open connection of a user.
 *
 * @param connection its id
 * @param node the instance that holds it
 * @param since when its hello was accepted, milliseconds since 1970
 */
public record ConnectionInfo(String connection, String node, long since) {}
