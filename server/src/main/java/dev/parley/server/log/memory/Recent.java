package dev.parley.server.log.memory;

/**
 * The message ids of one channel that are remembered for one window: two sets in turn, so that forgetting costs nothing for each id. An id is remembered for one
 * to two windows. Guarded by its channel's lock.
 */
final class Recent {
    private final long window;
    private MessageIds present = new MessageIds();
    private MessageIds former = new MessageIds();
    private long began;

    /** @param window in milliseconds */
    Recent(long window, long now) {
        this.window = window;
        this.began = now;
    }

    long window() {
        return window;
    }

    /** What is remembered of an id, or null. */
    MessageIds.Sent find(MessageIds.Id id) {
        MessageIds.Sent sent = present.find(id);
        return sent != null ? sent : former.find(id);
    }

    /** Remembers an id that is not remembered yet. */
    void remember(MessageIds.Id id, long seq, long time) {
        present.add(id, seq, time);
    }

    /** Begins a new set when the window is over. */
    void turn(long now) {
        if (now - began >= window) {
            former = now - began < 2 * window ? present : new MessageIds();
            present = new MessageIds();
            began = now;
        }
    }

    /** Forgets the older of the two sets before its time, to make room. */
    void forgetOlder() {
        former = present;
        present = new MessageIds();
    }

    int size() {
        return present.size() + former.size();
    }

    /** Bytes of memory held. */
    long bytes() {
        return present.bytes() + former.bytes();
    }
}
