package dev.parley.server.group;

/**
 * What a durable group says of itself.
 *
 * @param exists whether it was ever created
 * @param members how many members it has
 * @param description its title and topic; never null
 */
public record About(boolean exists, long members, Description description) {}
