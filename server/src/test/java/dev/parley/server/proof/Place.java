package dev.parley.server.proof;

/** A place in a channel's log. */
record Place(String epoch, long seq) {}
