package dev.parley.protocol;

/** Who sent a message. */
public sealed interface Sender {

    /**
     * A signed-in connection.
     *
     * @param user the user's id
     * @param name the name shown
     * @param connection the connection it was sent on
     */
    record Person(String user, String name, String connection) implements Sender {}

    /**
     * A backend that used the HTTP API, or the hub itself ({@code parley}).
     *
     * @param service the name of its service key
     */
    record Service(String service) implements Sender {}
}
