package dev.parley.server.routing;

/**
 * For whom a history is read: entries that were not for this connection or user are left out.
 *
 * @param user the user's id; a service, which sees all, has an empty one
 * @param connection the connection's id, likewise
 */
public record Viewer(String user, String connection) {

    /** Sees every entry. */
    public static final Viewer SERVICE = new Viewer("", "");

    /** A user who asks by no connection. */
    public static Viewer elsewhere(String user) {
        return new Viewer(user, "");
    }
}
