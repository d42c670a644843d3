package dev.parley.server.redis;

/**
 * Names of keys. What belongs to one channel carries the channel's partition as hash tag, so that in a Redis Cluster it shares a slot and one script may touch
 * all of it. Any thread.
 */
public final class Keys {

    /** How many partitions channels are spread over. Part of the stored format: another number would lose sight of everything. */
    public static final int PARTITIONS = 1024;

    private Keys() {}

    /**
     * The partition of a channel.
     *
     * @param channel a channel's name, such as {@code group/lobby}
     * @return 0 to {@value #PARTITIONS} - 1, the same on every instance
     */
    public static int partition(String channel) {
        int hash = channel.hashCode();
        return Math.floorMod(hash ^ hash >>> 16, PARTITIONS);
    }

    /** The stream of a channel's entries. */
    public static String log(String channel) {
        return of(channel, "log", channel);
    }

    /** The hash with a channel's epoch, last seq and last tag. */
    public static String meta(String channel) {
        return of(channel, "meta", channel);
    }

    /**
     * One of the two hashes in which a channel's message ids are remembered, in turn.
     *
     * @param window the time for which a repeat is recognised, in milliseconds
     * @param turn 0 or 1
     */
    public static String sent(String channel, long window, int turn) {
        return of(channel, "sent", channel) + ':' + window + ':' + turn;
    }

    /** The pub/sub channel on which a channel's entries and events are rung. */
    public static String bell(String channel) {
        return of(channel, "bell", channel);
    }

    /** The read positions of a channel's members. */
    public static String read(String channel) {
        return of(channel, "read", channel);
    }

    /** A group's members. */
    public static String members(String group) {
        return of("group/" + group, "members", group);
    }

    /** Who is on in a group. */
    public static String presence(String group) {
        return of("group/" + group, "presence", group);
    }

    /** A user's groups. */
    public static String groups(String user) {
        return of("user/" + user, "groups", user);
    }

    /** A node's lease, and the pub/sub channel that is the node's bell. */
    public static String node(String node) {
        return "parley:node:" + node;
    }

    /**
     * The name of a further key that shares the slot of a channel.
     *
     * @param channel the channel whose partition it lives in
     * @param kind what it holds
     * @param name of what
     */
    public static String of(String channel, String kind, String name) {
        return "parley:{" + partition(channel) + "}:" + kind + ':' + name;
    }
}
