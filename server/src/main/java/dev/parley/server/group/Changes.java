package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.security.Identity;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes the steps of one change of membership, each of which may be the last one before a crash, and takes up what was left half-way. Used by {@link Groups}, on
 * any thread; any number of instances may do so at once.
 *
 * <p>The steps: (1) note the change among those under way; (2) put a mark into the user's list, so that whoever reads it asks the members; (3) change the seat, if
 * it is still as it was seen; (4) tell the group and (5) the user, both idempotent by the seat's version; (6) note that it is told; (7) replace the mark by what
 * is true; (8) strike the first note. A crash before 3 leaves a mark that costs one look; one later leaves a seat that says what is untold, and the next who
 * looks goes on at 4. That may be long coming, and connections go by what they were told, so {@link Sweep} looks at what was noted and not struck.
 */
final class Changes {

    /** Somebody else was faster; so often in a row is no accident any more. */
    private static final int ATTEMPTS = 20;

    private final MembershipStore store;
    private final MembershipEntries entries;
    private final int most;
    private final SecureRandom random = new SecureRandom();

    /** @param most how many groups a user may be a member of; about, where several are joined at once */
    Changes(MembershipStore store, MembershipEntries entries, int most) {
        this.most = most;
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
     * @param by the person who wants it; null for the user, or a service
     * @param terms what must hold of the group after it, else it fails with {@code conflict}
     */
    CompletionStage<Changed> apply(
            Address.Group group,
            String user,
            String name,
            Identity by,
            Decision decision,
            MembershipStore.Terms terms) {
        return attempt(new Change(group, user, name, by, decision, terms), ATTEMPTS);
    }

    private record Change(
            Address.Group group,
            String user,
            String name,
            Identity by,
            Decision decision,
            MembershipStore.Terms terms) {}

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
            CompletionStage<Void> room = now == null ? requireRoom(change.user, most) : done();
            return room.thenCompose(there -> tryTo(change, roll, next(roll, now, wanted, change.name), left));
        });
    }

    /** Fails with {@code conflict} for who is in so many groups already. */
    CompletionStage<Void> requireRoom(String user, int groups) {
        return store.count(user).thenAccept(listed -> {
            if (listed >= groups) {
                throw new ProtocolException(ErrorCode.CONFLICT, "the user is in too many groups");
            }
        });
    }

    private CompletionStage<Changed> tryTo(Change change, Roll roll, Seat next, int left) {
        String group = change.group.name();
        long members = roll.members() + (next.taken() ? 1 : 0) - (roll.member() ? 1 : 0);
        Pending pending = new Pending(group, change.user, next.version());
        return store.note(pending)
                .thenCompose(noted -> store.mark(change.user, group, markOf(next)))
                .thenCompose(marked -> store.change(group, change.user, roll, next, change.terms))
                .thenCompose(outcome -> {
                    if (outcome == MembershipStore.Outcome.CHANGED) {
                        return finish(change.group, change.user, next, change.by)
                                .thenApply(
                                        at -> new Changed(next.role(), at, members, next.taken() ? next.term() : null));
                    }
                    CompletionStage<Void> undone = outcome == MembershipStore.Outcome.STALE
                            ? store.strike(pending)
                            : align(group, change.user).thenCompose(aligned -> store.strike(pending));
                    return undone.thenCompose(struck -> outcome == MembershipStore.Outcome.STALE
                            ? attempt(change, left - 1)
                            : refuse(outcome, change));
                });
    }

    private static <T> CompletionStage<T> refuse(MembershipStore.Outcome outcome, Change change) {
        return CompletableFuture.failedStage(
                new ProtocolException(
                        ErrorCode.CONFLICT,
                        outcome == MembershipStore.Outcome.FULL
                                ? "the group is full: it has the " + change.terms.most() + " members it may have"
                                : "the last owner of a group stays its owner while others are in it: make somebody else an owner first"));
    }

    /**
     * Tells of a change that somebody else left half-way, and clears up after it. By whom it was is not known any more.
     *
     * @return the place of the group's entry
     */
    CompletionStage<Cursor> finish(Address.Group group, String user, Seat seat) {
        return finish(group, user, seat, null);
    }

    private CompletionStage<Cursor> finish(Address.Group group, String user, Seat seat, Identity by) {
        return entries.tellGroup(group, user, seat, by)
                .thenCompose(at -> entries.tellUser(group, user, seat, at)
                        .thenCompose(told -> store.settle(group.name(), user, seat.told()))
                        .thenCompose(settled -> store.unmark(user, group.name(), markOf(seat), seat.listing()))
                        .thenCompose(unmarked -> unmarked ? done() : align(group.name(), user))
                        .thenCompose(clear -> store.strike(new Pending(group.name(), user, seat.version())))
                        .thenApply(struck -> at));
    }

    /** Makes a change that was noted to its end, if it took effect, and the user's list true in any case. */
    CompletionStage<Void> mend(Pending pending) {
        return store.look(pending.group(), pending.user())
                .thenCompose(roll -> {
                    boolean untold = roll.seat() != null && roll.seat().untold() != null;
                    return untold
                            ? finish(new Address.Group(pending.group()), pending.user(), roll.seat())
                                    .thenApply(at -> (Void) null)
                            : ensureListed(pending.group(), pending.user(), roll);
                })
                .thenCompose(mended -> store.strike(pending));
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
