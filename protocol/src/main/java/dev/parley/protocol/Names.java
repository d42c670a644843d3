package dev.parley.protocol;

/** The grammar of names: which groups, users, ids and events may be called what. */
public final class Names {

    /** Longest group name and connection id, in characters (all are ASCII, so also in bytes). */
    public static final int GROUP_MAX = 128;

    /** Longest user id, in characters. */
    public static final int USER_MAX = 60;

    /** Longest request id, message id and event name, in characters. */
    public static final int ID_MAX = 64;

    /** Longest name shown for a person, in characters. */
    public static final int DISPLAY_MAX = 80;

    private static final String USER_MARKS = "._:@-";
    private static final String GROUP_MARKS = USER_MARKS + "~";

    private Names() {}

    /** Whether {@code id} is a well-formed user id. */
    public static boolean isUser(String id) {
        return matches(id, USER_MAX, USER_MARKS);
    }

    /** Whether {@code name} is a well-formed group name. */
    public static boolean isGroup(String name) {
        return matches(name, GROUP_MAX, GROUP_MARKS);
    }

    static void requireUser(String id) {
        if (!isUser(id)) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME, "a user id has 1 to " + USER_MAX + " of A-Z a-z 0-9 . _ : @ -");
        }
    }

    static void requireGroup(String name) {
        if (!isGroup(name)) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME, "a group's name has 1 to " + GROUP_MAX + " of A-Z a-z 0-9 . _ : ~ @ -");
        }
    }

    static void requireConnection(String id) {
        if (!isGroup(id)) {
            throw new ProtocolException(ErrorCode.BAD_FRAME, "not a connection's id");
        }
    }

    private static boolean matches(String text, int max, String marks) {
        if (text.isEmpty() || text.length() > max) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && marks.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
