package dev.parley.server.group;

/**
 * What is known of a user who has connected.
 *
 * @param name the name shown
 * @param lastSeen when they last came or went, milliseconds since 1970
 */
public record Known(String name, long lastSeen) {}
