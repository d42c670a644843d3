package dev.parley.server.presence;

/**
 * What the store holds of one user on one instance.
 *
 * @param node the instance
 * @param user the user's id
 * @param here with what
 */
public record Seen(String node, String user, Here here) {}
