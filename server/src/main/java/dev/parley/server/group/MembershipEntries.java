package dev.parley.server.group;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.delivery.Stored;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.Retention;
import dev.parley.server.security.Identity;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The two entries that tell of a change of membership: one in the group, for its members, and one in the user's inbox, for the user's devices. Used by
 * {@link Changes}, on any thread.
 *
 * <p>Their message ids follow from the seat's version, so telling again, by whichever instance, appends nothing and gives the same places.
 */
final class MembershipEntries {
    private static final String SENDER = "parley";

    /** As long as for people: for so long a change that was interrupted half-way is told of exactly once when it is taken up again. */
    private static final Duration WINDOW = Duration.ofHours(24);

    private final Publishing publishing;
    private final Namespaces namespaces;

    /** The way into the log. */
    interface Publishing {
        CompletionStage<Appended> publish(
                Address to, Envelope envelope, Stored who, Append.Dedup dedup, Retention retention);
    }

    MembershipEntries(Publishing publishing, Namespaces namespaces) {
        this.publishing = publishing;
        this.namespaces = namespaces;
    }

    /** Whether an entry of a group tells that this user was added. */
    static boolean tellsOfAddition(Envelope envelope, String user) {
        if (!envelope.event().equals(Envelope.MEMBERSHIP_EVENT)) {
            return false;
        }
        // As tellGroup writes it; in names, which are what somebody else chose, a quote is escaped.
        String data = envelope.data().toString();
        return data.startsWith("{\"user\":\"" + user + '"')
                && data.contains("\"state\":\"" + MembershipState.ADDED.wire() + '"');
    }

    /**
     * Tells the group.
     *
     * @param seat as it is after the change, which stands in {@link Seat#untold}
     * @param by the person who made it; null for the user, a service, or where it is not known any more
     * @return the entry's place
     */
    CompletionStage<Cursor> tellGroup(Address.Group group, String user, Seat seat, Identity by) {
        String data = "{\"user\":\"" + user + '"'
                + (seat.name() == null ? "" : ",\"name\":\"" + escaped(seat.name()) + '"')
                + stateAndRole(seat)
                + (by == null ? "" : ",\"by\":" + person(by))
                + '}';
        Stored header = seat.untold() == MembershipState.REMOVED ? Stored.lastFor(user, seat.term()) : Stored.PLAIN;
        return publish(group, seat, data, header, namespaces.of(group).retention());
    }

    /**
     * Tells the user.
     *
     * @param at the place of the group's entry, where following starts or ends
     */
    CompletionStage<Cursor> tellUser(Address.Group group, String user, Seat seat, Cursor at) {
        String data = "{\"group\":\"" + group.name() + '"'
                + stateAndRole(seat)
                + ",\"epoch\":\"" + escaped(at.epoch()) + "\",\"seq\":" + at.seq() + '}';
        Membership change = new Membership(group.name(), seat.untold(), seat.role(), at);
        Stored header = Stored.of(change, seat.term());
        return publish(new Address.User(user), seat, data, header, namespaces.inbox(user));
    }

    private CompletionStage<Cursor> publish(Address to, Seat seat, String data, Stored header, Retention retention) {
        String id = seat.untold().wire() + '-' + seat.version();
        Envelope envelope = new Envelope(
                to,
                new Sender.Service(SENDER),
                id,
                Envelope.MEMBERSHIP_EVENT,
                System.currentTimeMillis(),
                RawJson.of(data),
                null);
        return publishing
                .publish(to, envelope, header, new Append.Dedup(SENDER, id, WINDOW), retention)
                .thenApply(Appended::at);
    }

    private static String stateAndRole(Seat seat) {
        String state = ",\"state\":\"" + seat.untold().wire() + '"';
        return seat.role() == null
                ? state
                : state + ",\"role\":\"" + seat.role().wire() + '"';
    }

    private static String person(Identity who) {
        return "{\"user\":\"" + who.user() + "\",\"name\":\"" + escaped(who.name()) + "\"}";
    }

    private static String escaped(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
