package dev.parley.server.faults;

import dev.parley.server.proof.RawClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client of the {@link Workload} and what is remembered about it. Devices of one user share what is about the user. Used by the thread that acts and by those
 * that answers come on.
 */
final class Person {
    private static final int REMEMBERED = 8;

    final RawClient client;

    /** What devices of the same user have in common. */
    final User user;

    /** The session groups that this client would like to be in. */
    final Set<String> sessions;

    /** Groups about which something was asked that has no answer yet. */
    final Set<String> busy = ConcurrentHashMap.newKeySet();

    private final Map<String, Long> left = new ConcurrentHashMap<>();
    private final Deque<JsonObject> sent = new ArrayDeque<>();
    private volatile long excused = System.nanoTime();
    private volatile boolean slow;
    private volatile long longest;
    private volatile String longestFor = "";

    /** Somebody with one or several devices. */
    static final class User {

        /** The durable groups that this user would like to be in. */
        final Set<String> chats;

        final Set<String> busy = ConcurrentHashMap.newKeySet();
        private final Map<String, Long> left = new ConcurrentHashMap<>();
        private final Map<String, Long> joined = new ConcurrentHashMap<>();

        User(Set<String> chats) {
            this.chats = Set.copyOf(chats);
        }
    }

    Person(RawClient client, User user, Set<String> sessions) {
        this.client = client;
        this.user = user;
        this.sessions = Set.copyOf(sessions);
    }

    /** Asks to leave a group: from now on it may be refused there. */
    void leaves(String group) {
        (user.chats.contains(group) ? user.left : left).put(group, System.nanoTime());
    }

    /** Whether this client or its user asked to leave a group after some time. */
    boolean leftSince(String group, long since) {
        Long at = (user.chats.contains(group) ? user.left : left).get(group);
        return at != null && at - since > 0;
    }

    /** A join of a durable group was acknowledged, on any of the user's devices. */
    void joined(String group, long asked) {
        user.joined.merge(group, asked, (before, now) -> now - before > 0 ? now : before);
    }

    /** When the user's latest join of a durable group that was acknowledged had been asked for; null for none. */
    Long joinedAt(String group) {
        return user.joined.get(group);
    }

    boolean isFollowing(String group) {
        return client.record().isFollowing("group/" + group);
    }

    /** Reads nothing, or reads on. */
    void slow(boolean on) {
        slow = on;
        excuse();
        client.read(!on);
    }

    boolean isSlow() {
        return slow;
    }

    /** What is asked up to now may take as long as it will, because of this client's own doing. */
    void excuse() {
        excused = System.nanoTime();
    }

    /** Something asked then was answered now: how long this client waited, in nanoseconds, or 0 where that was its own doing. */
    long answered(long asked, JsonObject question) {
        if (slow || excused - asked >= 0) {
            return 0;
        }
        long waited = System.nanoTime() - asked;
        if (waited > longest) {
            longest = waited;
            longestFor = question.getString("type") + " " + question.getValue("id");
        }
        return waited;
    }

    /** The longest this client had to wait for an answer, in nanoseconds. */
    long longest() {
        return longest;
    }

    /** For what that was. */
    String longestFor() {
        return longestFor;
    }

    synchronized void remember(JsonObject send) {
        sent.add(send);
        if (sent.size() > REMEMBERED) {
            sent.remove();
        }
    }

    /** Something it sent a while ago, or null. */
    synchronized JsonObject remembered() {
        return sent.peek();
    }

    @Override
    public String toString() {
        return client.name();
    }
}
