package dev.parley.server.security;

/**
 * A token made by this hub, and whose it is.
 *
 * @param token the JWT
 * @param identity what it says
 */
public record Issued(String token, Identity identity) {}
