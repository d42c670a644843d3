package dev.parley.protocol.json;

/**
 * The names of fields and types that frames have, found by their bytes, so that reading one makes no string. One that is missing here is read all the same.
 * Immutable; used by {@link JsonScanner} on any thread.
 */
final class KnownWords {
    /** A power of two, large enough that few words share a place. */
    private static final int SLOTS = 256;

    private static final String[] TABLE = table(
            "ack",
            "active",
            "after",
            "all",
            "before",
            "channel",
            "channels",
            "client",
            "code",
            "connection",
            "conversations",
            "count",
            "cursor",
            "data",
            "detail",
            "devices",
            "draining",
            "duplicate",
            "echo",
            "epoch",
            "error",
            "event",
            "except",
            "expires",
            "expiring",
            "frame",
            "from",
            "gap",
            "group",
            "groups",
            "hello",
            "history",
            "id",
            "in",
            "inFlight",
            "interval",
            "join",
            "kind",
            "last",
            "leave",
            "limit",
            "limits",
            "member",
            "members",
            "membership",
            "mentions",
            "message",
            "messageId",
            "messages",
            "more",
            "name",
            "next",
            "node",
            "ping",
            "pong",
            "presence",
            "read",
            "reason",
            "receipt",
            "receipts",
            "reconnectAfter",
            "recovered",
            "ref",
            "refresh",
            "remove",
            "resume",
            "search",
            "settings",
            "retryAfter",
            "retryable",
            "role",
            "sendBurst",
            "send",
            "sendsPerSecond",
            "seq",
            "service",
            "since",
            "skip",
            "state",
            "text",
            "time",
            "timeout",
            "title",
            "to",
            "token",
            "topic",
            "type",
            "typing",
            "unread",
            "user",
            "users",
            "value",
            "version",
            "volatile",
            "welcome");

    private KnownWords() {}

    /** The word that stands in a range of bytes, or null when it is none of these. */
    static String find(byte[] utf8, int from, int to) {
        int length = to - from;
        if (length == 0) {
            return null;
        }
        int slot = slot(length, utf8[from], utf8[to - 1]);
        for (String word = TABLE[slot]; word != null; word = TABLE[slot]) {
            if (stands(word, utf8, from, length)) {
                return word;
            }
            slot = slot + 1 & SLOTS - 1;
        }
        return null;
    }

    private static boolean stands(String word, byte[] utf8, int from, int length) {
        if (word.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (word.charAt(i) != utf8[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(int length, int first, int last) {
        return (length * 7 + first * 31 + last * 113) & SLOTS - 1;
    }

    private static String[] table(String... words) {
        String[] table = new String[SLOTS];
        for (String word : words) {
            int slot = slot(word.length(), word.charAt(0), word.charAt(word.length() - 1));
            while (table[slot] != null) {
                slot = slot + 1 & SLOTS - 1;
            }
            table[slot] = word;
        }
        return table;
    }
}
