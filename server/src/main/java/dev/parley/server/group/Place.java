package dev.parley.server.group;

import dev.parley.protocol.Role;

/**
 * How a connection is in a group it follows. There are but four of each namespace, which all connections share.
 *
 * @param namespace the group's
 * @param role the user's role; null in a session group
 */
public record Place(Namespace namespace, Role role) {}
