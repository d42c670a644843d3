package dev.parley.server.delivery;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * An entry as it lies in the log: a header line for the instances, then the envelope's JSON for the clients.
 *
 * <p>Most headers are empty, so fanning an entry out needs no parsing: the bytes after the first line feed go out as they are. Otherwise the header has
 * tokens separated by spaces, which no name contains: {@code -c=<connection>} and {@code -u=<user>} name who does not get the entry, and
 * {@code m=<state>,<role>,<epoch>,<seq>,<group>} in an inbox says that the user's membership changed, {@code x=<user>} in a group that this was the user's last
 * entry; {@code t=<term>} says with either which membership of the user's it is, as there may have been others before. {@code w=<trace>} says
 * that the message is traced. Unknown tokens and values are ignored, so that instances of two versions may run side by side during a deploy.
 *
 * @param notConnection the connection that asked for no echo, or null
 * @param notUsers users who do not get it; never null
 * @param membership the change of membership that this inbox entry tells of, or null
 * @param lastFor the user who was removed from the group with this entry and gets none after it, or null
 * @param term which of the user's memberships {@code membership} or {@code lastFor} is about, or null
 * @param trace of which trace the message is ({@code trace.Trace#write}), or null as for nearly all; told to no client
 */
public record Stored(
        String notConnection, List<String> notUsers, Membership membership, String lastFor, String term, String trace) {

    /** The header of an entry that everybody gets. */
    public static final Stored PLAIN = new Stored(null, List.of(), null);

    private static final String NO_ROLE = "-";
    private static final byte[] PLAIN_LINE = {'\n'};

    /** The header of an entry that says nothing about anybody's following. */
    public Stored(String notConnection, List<String> notUsers, Membership membership) {
        this(notConnection, notUsers, membership, null, null, null);
    }

    /** The header of an inbox entry that tells of a change of membership. */
    public static Stored of(Membership change, String term) {
        return new Stored(null, List.of(), change, null, term, null);
    }

    /** The header of the last entry of a group that {@code user} gets under the membership {@code term}. */
    public static Stored lastFor(String user, String term) {
        return new Stored(null, List.of(), null, user, term, null);
    }

    /** The same of a message that is traced. */
    public Stored tracedBy(String its) {
        return new Stored(notConnection, notUsers, membership, lastFor, term, its);
    }

    /** Whether each follower is to be looked at because of it. */
    boolean concernsFollowers() {
        return !forEverybody() || membership != null || lastFor != null;
    }

    /** Whether there is nobody who must not get the entry. */
    public boolean forEverybody() {
        return notConnection == null && notUsers.isEmpty();
    }

    /**
     * Whether a connection may get the entry.
     *
     * @param connection the connection's id
     * @param user its user's id
     */
    public boolean mayGet(String connection, String user) {
        return !connection.equals(notConnection) && !notUsers.contains(user);
    }

    /**
     * Puts header and envelope together.
     *
     * @param envelope the envelope's JSON
     * @return the bytes for the log
     */
    public byte[] encode(byte[] envelope) {
        byte[] header = header().getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(header, header.length + 1 + envelope.length);
        all[header.length] = '\n';
        System.arraycopy(envelope, 0, all, header.length + 1, envelope.length);
        return all;
    }

    /** The header's line alone, with which an entry begins. */
    byte[] line() {
        return equals(PLAIN) ? PLAIN_LINE : encode(new byte[0]);
    }

    /** Where the envelope's JSON begins in an entry's bytes. */
    public static int envelopeAt(byte[] entry) {
        int at = 0;
        while (entry[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    /** The header of an entry's bytes. */
    public static Stored headerOf(byte[] entry) {
        if (entry[0] == '\n') {
            return PLAIN;
        }
        String notConnection = null;
        List<String> notUsers = new ArrayList<>();
        Membership membership = null;
        String lastFor = null;
        String term = null;
        String trace = null;
        String header = new String(entry, 0, envelopeAt(entry) - 1, StandardCharsets.US_ASCII);
        for (String token : header.split(" ")) {
            String value = token.substring(token.indexOf('=') + 1);
            if (token.startsWith("-c=")) {
                notConnection = value;
            } else if (token.startsWith("-u=")) {
                notUsers.add(value);
            } else if (token.startsWith("m=")) {
                membership = membershipOf(value);
            } else if (token.startsWith("x=")) {
                lastFor = value;
            } else if (token.startsWith("t=")) {
                term = value;
            } else if (token.startsWith("w=")) {
                trace = value;
            }
        }
        return new Stored(notConnection, List.copyOf(notUsers), membership, lastFor, term, trace);
    }

    private String header() {
        StringBuilder header = new StringBuilder();
        if (notConnection != null) {
            header.append(" -c=").append(notConnection);
        }
        for (String user : notUsers) {
            header.append(" -u=").append(user);
        }
        if (membership != null) {
            String role =
                    membership.role() == null ? NO_ROLE : membership.role().wire();
            header.append(" m=")
                    .append(String.join(
                            ",",
                            membership.state().wire(),
                            role,
                            membership.at().epoch(),
                            Long.toString(membership.at().seq()),
                            membership.group()));
        }
        if (lastFor != null) {
            header.append(" x=").append(lastFor);
        }
        if (term != null) {
            header.append(" t=").append(term);
        }
        if (trace != null) {
            header.append(" w=").append(trace);
        }
        return header.isEmpty() ? "" : header.substring(1);
    }

    private static Membership membershipOf(String value) {
        String[] parts = value.split(",", 5);
        MembershipState state = named(MembershipState.values(), MembershipState::wire, parts[0]);
        Role role = named(Role.values(), Role::wire, parts[1]);
        if (state == null || role == null && !parts[1].equals(NO_ROLE)) {
            return null;
        }
        return new Membership(parts[4], state, role, new Cursor(parts[2], Long.parseLong(parts[3])));
    }

    private static <T> T named(T[] values, Function<T, String> name, String wanted) {
        for (T value : values) {
            if (name.apply(value).equals(wanted)) {
                return value;
            }
        }
        return null;
    }
}
