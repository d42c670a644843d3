package dev.parley.server.group;

import dev.parley.protocol.Role;
import dev.parley.server.log.Retention;

/** The policy of all groups whose names begin alike. Immutable. */
public final class Namespace {
    static final String DEFAULT = "default";
    static final String CHAT = "chat";
    static final String DIRECT = "dm";

    private final String name;
    private final boolean durable;
    private final Retention retention;
    private final Policy policy;
    private final Place follower = new Place(this, null);
    private final Place member = new Place(this, Role.MEMBER);
    private final Place moderator = new Place(this, Role.MODERATOR);
    private final Place owner = new Place(this, Role.OWNER);

    Namespace(String name, boolean durable, Retention retention, Policy policy) {
        this.name = name;
        this.durable = durable;
        this.retention = retention;
        this.policy = policy;
    }

    /** The part of a group's name before the first {@code :}. */
    public String name() {
        return name;
    }

    /** Whether membership belongs to the user; otherwise to the connection, and a group exists by being joined. */
    public boolean durable() {
        return durable;
    }

    /** What a group's channel keeps. */
    public Retention retention() {
        return retention;
    }

    /** Whether its groups are direct conversations of two, named {@code dm:<a>~<b>}. */
    public boolean direct() {
        return name.equals(DIRECT);
    }

    /** A connection's place in a group: with this role, or null in a session group. */
    public Place place(Role role) {
        if (role == null) {
            return follower;
        }
        return switch (role) {
            case MEMBER -> member;
            case MODERATOR -> moderator;
            case OWNER -> owner;
        };
    }

    Policy policy() {
        return policy;
    }

    @Override
    public String toString() {
        return name;
    }
}
