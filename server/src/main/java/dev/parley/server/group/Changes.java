package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.MembershipState;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes the steps of one change of membership, each of which may be the last one before a crash, and takes up what was left half-way. Used by {@link Groups}, on
 * any thread; any number of instances may do so at once.
 *
 * <p>The steps: (1) put a mark into the user's list, so that whoever reads it asks the members; (2) change the seat, if it is still as it was seen; (3) tell
 * the group and (4) the user, both idempotent by the seat's version; (5) note that it is told; (6) replace the mark by what is true. A crash before 2
 * leaves a mark that costs one look; one later leaves a seat that says what is untold, and the next who looks goes on at 3.
 */
final class Changes {

    /** Somebody else was faster; so often in a row is no accident any more. */
    private static final int ATTEMPTS = 20;

    private final MembershipStore store;
    private final MembershipEntries entries;
    private final SecureRandom random = new SecureRandom();

    Changes(MembershipStore store, MembershipEntries entries) {
        this.store = store;
        this.entries = entries;
    }

    /** Says what role a user is to have, by what the members say now. */
    interface Decision {
        /**
         * @return the role, or null for no member
         * @throws ProtocolException when the change is refused
         */
        Role of(Roll roll);
    }

    /**
     * What holds after a change.
     *
     * @param role the user's role; null for no member
     * @param at the place of the group's entry that tells of the change; null when nothing changed
     * @param members how many members the group has
     * @param term tells the membership from others before and after it; null for no member
     */
    record Changed(Role role, Cursor at, long members, String term) {}

    /**
     * Changes a membership, if there is anything to change.
     *
     * @param name the user's name, as far as it is known, or null
     */
    CompletionStage<Changed> apply(Address.Group group, String user, String name, Decision decision) {
        return attempt(new Change(group, user, name, decision), ATTEMPTS);
    }

    private record Change(Address.Group group, String user, String name, Decision decision) {}

    private CompletionStage<Changed> attempt(Change change, int left) {
        if (left == 0) {
            return CompletableFuture.failedStage(new ProtocolException(
                    ErrorCode.UNAVAILABLE, "too many changes of one membership at once; try again"));
        }
        return store.look(change.group.name(), change.user).thenCompose(roll -> {
            if (roll.seat() != null && roll.seat().untold() != null) {
                return finish(change.group, change.user, roll.seat()).thenCompose(at -> attempt(change, left - 1));
            }
            Role now = roll.member() ? roll.seat().role() : null;
            Role wanted = change.decision.of(roll);
            if (wanted == now) {
                return ensureListed(change.group.name(), change.user, roll)
                        .thenApply(listed -> new Changed(now, null, roll.members(), roll.term()));
            }
            return tryTo(change, roll, next(roll, now, wanted, change.name), left);
        });
    }

    private CompletionStage<Changed> tryTo(Change change, Roll roll, Seat next, int left) {
        String group = change.group.name();
        long members = roll.members() + (next.taken() ? 1 : 0) - (roll.member() ? 1 : 0);
        return store.mark(change.user, group, markOf(next))
                .thenCompose(marked -> store.change(group, change.user, roll, next))
                .thenCompose(changed -> changed
                        ? finish(change.group, change.user, next)
                                .thenApply(
                                        at -> new Changed(next.role(), at, members, next.taken() ? next.term() : null))
                        : attempt(change, left - 1));
    }

    /**
     * Tells of a change that stands in the members, and clears up after it.
     *
     * @return the place of the group's entry
     */
    CompletionStage<Cursor> finish(Address.Group group, String user, Seat seat) {
        return entries.tellGroup(group, user, seat)
                .thenCompose(at -> entries.tellUser(group, user, seat, at)
                        .thenCompose(told -> store.settle(group.name(), user, seat.told()))
                        .thenCompose(settled -> store.unmark(user, group.name(), markOf(seat), seat.listing()))
                        .thenCompose(unmarked -> unmarked ? done() : align(group.name(), user))
                        .thenApply(clear -> at));
    }

    private CompletionStage<Void> ensureListed(String group, String user, Roll roll) {
        return store.listed(user, group)
                .thenCompose(listed -> Objects.equals(listed, listing(roll)) ? done() : align(group, user));
    }

    /** Makes a user's list true for one group. Where another does the same, the later mark wins, and its owner clears it. */
    private CompletionStage<Void> align(String group, String user) {
        String mark = MembershipStore.DOUBT + version();
        return store.mark(user, group, mark)
                .thenCompose(marked -> store.look(group, user))
                .thenCompose(roll -> store.unmark(user, group, mark, listing(roll)))
                .thenApply(cleared -> null);
    }

    private Seat next(Roll roll, Role now, Role wanted, String name) {
        MembershipState state =
                now == null ? MembershipState.ADDED : wanted == null ? MembershipState.REMOVED : MembershipState.ROLE;
        long since = now == null ? System.currentTimeMillis() : roll.seat().since();
        String known = name == null && roll.seat() != null ? roll.seat().name() : name;
        // An addition begins another membership, and what changes within one up to its end has its name.
        String version = now == null ? version() : roll.seat().versionWithin(version());
        return new Seat(wanted, version, since, state, known);
    }

    /** Random and not counted, so that a group that was lost with its Redis does not reuse what the log may still know as told. */
    private String version() {
        return Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
    }

    private static String markOf(Seat seat) {
        return MembershipStore.DOUBT + seat.version();
    }

    private static String listing(Roll roll) {
        return roll.seat() == null ? null : roll.seat().listing();
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedStage(null);
    }
}
