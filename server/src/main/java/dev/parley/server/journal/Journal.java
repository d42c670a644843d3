package dev.parley.server.journal;

import org.jboss.logging.MDC;

/**
 * Lines of the log that are about a connection, its user or a channel have these as fields, so that whoever searches finds all lines about one. Nothing else goes
 * into them: no content of messages, no tokens. For code on any thread.
 */
public final class Journal {
    private static final String CONNECTION = "connection";
    private static final String USER = "user";
    private static final String CHANNEL = "channel";

    private Journal() {}

    /**
     * Writes something that is about a connection.
     *
     * @param connection its id
     * @param user its user's id, or null before there is one
     * @param line writes it
     */
    public static void ofConnection(String connection, String user, Runnable line) {
        MDC.put(CONNECTION, connection);
        if (user != null) {
            MDC.put(USER, user);
        }
        try {
            line.run();
        } finally {
            MDC.remove(CONNECTION);
            MDC.remove(USER);
        }
    }

    /**
     * Writes something that is about a channel.
     *
     * @param channel its name
     * @param line writes it
     */
    public static void ofChannel(String channel, Runnable line) {
        MDC.put(CHANNEL, channel);
        try {
            line.run();
        } finally {
            MDC.remove(CHANNEL);
        }
    }
}
