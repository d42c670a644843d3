package dev.parley.server.proof;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands at each place of a channel's log in one epoch, as the first receiver was told, who is held against by all others. Keeps hashes of 64 bits only:
 * some hundred bytes for an entry, however many receivers there are. Guarded by the {@link Checker}.
 */
final class Entries {
    private static final int FIRST_SIZE = 64;

    private final Map<Long, Long> places = new HashMap<>();
    private long[] ids = new long[FIRST_SIZE];
    private long[] spellings = new long[FIRST_SIZE];
    private long[] meanings = new long[FIRST_SIZE];

    /** What a receiver's entry may be held against. */
    enum Verdict {
        FIRST,
        SAME,
        /** The message id stands at another place, too. */
        TWICE,
        DIFFERENT
    }

    /** Holds an entry against what is known of its place. */
    Verdict see(Seen.Message message) {
        int seq = Math.toIntExact(message.seq());
        grow(seq);
        long id = hash(message.messageId());
        long spelling = hash(message.content());
        if (ids[seq] == 0) {
            ids[seq] = id;
            spellings[seq] = spelling;
            meanings[seq] = meaning(message.content());
            Long before = places.putIfAbsent(id, message.seq());
            return before == null ? Verdict.FIRST : Verdict.TWICE;
        }
        // Only the meaning counts: how a frame is spelled is free.
        return spellings[seq] == spelling || meanings[seq] == meaning(message.content())
                ? Verdict.SAME
                : Verdict.DIFFERENT;
    }

    /** Whether a receiver was told of this place. */
    boolean isKnown(long seq) {
        return seq < ids.length && ids[(int) seq] != 0;
    }

    /** Whether this message id stands at a place of which a receiver was told. */
    boolean isAt(long seq, long id) {
        return ids[(int) seq] == id;
    }

    /** Never 0. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ each) * 0x100000001b3L;
            hash ^= hash >>> 29;
        }
        return hash == 0 ? 1 : hash;
    }

    private static long meaning(String content) {
        return hash(sorted(new JsonObject(content).getMap()));
    }

    private static String sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, String> fields = new TreeMap<>();
            map.forEach((name, field) -> fields.put(name.toString(), sorted(field)));
            return fields.toString();
        }
        return value instanceof Iterable<?> list
                ? list.toString()
                : String.valueOf(value) + (value instanceof String ? "\"" : "");
    }

    private void grow(int seq) {
        if (seq >= ids.length) {
            int size = Math.max(seq + 1, 2 * ids.length);
            ids = Arrays.copyOf(ids, size);
            spellings = Arrays.copyOf(spellings, size);
            meanings = Arrays.copyOf(meanings, size);
        }
    }
}
