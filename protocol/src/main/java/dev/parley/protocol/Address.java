package dev.parley.protocol;

/**
 * To whom a message goes: everyone, a group, a user (all of their devices) or one connection.
 *
 * <p>Every address is also the name of a channel ({@link #channel()}); all but {@link Connection} keep what is sent to them in an ordered log. The
 * constructors check the names and throw {@link ProtocolException} with {@link ErrorCode#BAD_FRAME}, so an address that exists is well-formed.
 */
public sealed interface Address {

    /** The one address of everybody. */
    Everyone EVERYONE = new Everyone();

    /** The channel's name on the wire: {@code all}, {@code group/<name>}, {@code user/<id>} or {@code connection/<id>}. */
    String channel();

    /** Whether the channel keeps its messages in a log, and so has cursors. */
    default boolean keepsMessages() {
        return true;
    }

    /**
     * Reads a channel's name.
     *
     * @param channel a name as {@link #channel()} gives it
     * @return the address
     * @throws ProtocolException ({@code bad_frame}) when it is none
     */
    static Address ofChannel(String channel) {
        if (channel.equals("all")) {
            return EVERYONE;
        }
        int slash = channel.indexOf('/');
        String name = channel.substring(slash + 1);
        return switch (slash < 0 ? "" : channel.substring(0, slash)) {
            case "group" -> new Group(name);
            case "user" -> new User(name);
            case "connection" -> new Connection(name);
            default -> throw new ProtocolException(ErrorCode.BAD_FRAME, "no such kind of channel");
        };
    }

    /** Every connection of every user, on all instances. */
    record Everyone() implements Address {
        @Override
        public String channel() {
            return "all";
        }
    }

    /**
     * The members or present followers of a group.
     *
     * @param name 1 to {@value Names#GROUP_MAX} of {@code A–Z a–z 0–9 . _ : ~ @ -}
     */
    record Group(String name) implements Address {
        public Group {
            Names.requireGroup(name);
        }

        @Override
        public String channel() {
            return "group/" + name;
        }

        /** The part before the first {@code :}, which chooses the group's policy; {@code default} where there is none. */
        public String namespace() {
            int colon = name.indexOf(':');
            return colon < 0 ? "default" : name.substring(0, colon);
        }
    }

    /**
     * A user's inbox, which all of the user's devices follow.
     *
     * @param id 1 to {@value Names#USER_MAX} of {@code A–Z a–z 0–9 . _ : @ -}
     */
    record User(String id) implements Address {
        public User {
            Names.requireUser(id);
        }

        @Override
        public String channel() {
            return "user/" + id;
        }
    }

    /**
     * One socket, as named by {@code welcome}. Keeps nothing.
     *
     * @param id opaque, 1 to {@value Names#GROUP_MAX} of the characters of a group's name
     */
    record Connection(String id) implements Address {
        public Connection {
            Names.requireConnection(id);
        }

        @Override
        public String channel() {
            return "connection/" + id;
        }

        @Override
        public boolean keepsMessages() {
            return false;
        }
    }
}
