package dev.parley.server.cluster;

/**
 * One open connection of a user.
 *
 * @param connection its id
 * @param node the instance that holds it
 * @param since when its hello was accepted, milliseconds since 1970
 */
public record ConnectionInfo(String connection, String node, long since) {

    /** One line of an answer between nodes. */
    String line() {
        return connection + " " + node + " " + since;
    }

    /** Reads what {@link #line} wrote. */
    static ConnectionInfo ofLine(String line) {
        String[] parts = line.split(" ");
        return new ConnectionInfo(parts[0], parts[1], Long.parseLong(parts[2]));
    }
}
