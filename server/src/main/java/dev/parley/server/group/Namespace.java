package dev.parley.server.group;

import dev.parley.server.log.Retention;

/**
 * The policy of all groups whose names begin alike.
 *
 * @param name the part of a group's name before the first {@code :}
 * @param durable whether membership belongs to the user; otherwise to the connection, and a group exists by being joined
 * @param open whether anybody may join a durable group that exists; otherwise members are added
 * @param retention what a group's channel keeps
 */
public record Namespace(String name, boolean durable, boolean open, Retention retention) {

    /** Whether its groups are direct conversations of two, named {@code dm:<a>~<b>}. */
    public boolean direct() {
        return name.equals(DIRECT);
    }

    static final String DEFAULT = "default";
    static final String CHAT = "chat";
    static final String DIRECT = "dm";
}
