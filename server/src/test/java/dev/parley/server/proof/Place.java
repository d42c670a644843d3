package dev.parley.server.proof;

/** A place in a channel's log. */
public record Place(String epoch, long seq) {}
