package dev.parley.server.cluster;

import jakarta.inject.Singleton;
import java.security.SecureRandom;

/** The name of this process in the cluster: random, so that a restarted process is another node. Any thread. */
@Singleton
public final class NodeId {

    /** Characters of a node's id; 36^7 names make a clash among the nodes alive a curiosity. */
    private static final int LENGTH = 7;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final String id;

    NodeId() {
        SecureRandom random = new SecureRandom();
        StringBuilder name = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        this.id = name.toString();
    }

    /** {@value #LENGTH} of {@code a–z 0–9}. */
    public String id() {
        return id;
    }

    /**
     * Names a connection of this node.
     *
     * @param number counts the connections of this process
     * @return {@code <node>.<number in base 36>}
     */
    public String connection(long number) {
        return id + "." + Long.toString(number, Character.MAX_RADIX);
    }

    /**
     * The node that a connection's id names, whether or not there is such a node.
     *
     * @param connection any text
     * @return the node's id, or null when the text is no connection's id
     */
    static String nodeOf(String connection) {
        int dot = connection.indexOf('.');
        String node = connection.substring(0, Math.max(dot, 0));
        boolean formed = node.length() == LENGTH && node.chars().allMatch(c -> LETTERS.indexOf(c) >= 0);
        return formed && dot < connection.length() - 1 ? node : null;
    }
}
