package dev.parley.server.group;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Where memberships are kept: for each group its members, which are the truth, and for each user a list of groups, which is made from it.
 *
 * <p>In a user's list stands {@link Seat#listing}, or a mark that begins with {@value #DOUBT}: the membership is being changed, ask the group's members. Methods may be called from any thread and do not block; each is one atomic step. Stages fail with {@code unavailable} when the store is out of
 * reach; it is then unknown whether the step was taken.
 */
public interface MembershipStore {

    /** How marks begin. */
    String DOUBT = "?";

    /** Notes that a change is about to be made, so that it is found if nobody makes it to its end. */
    CompletionStage<Void> note(Pending change);

    /** Takes a note away: the change was made to its end, or not at all. */
    CompletionStage<Void> strike(Pending change);

    /**
     * Changes that were noted and not struck.
     *
     * @param age how long ago at least
     * @param most so many of them, the oldest
     */
    CompletionStage<List<Pending>> noted(Duration age, int most);

    /** What a group's members say about a user. */
    CompletionStage<Roll> look(String group, String user);

    /** The seats of all members of a group, by user; none where there is no such group. */
    CompletionStage<Map<String, Seat>> members(String group);

    /** What a group says of itself. */
    CompletionStage<About> about(String group);

    /**
     * Replaces a group's description.
     *
     * @param seen the version of the one before
     * @return false, and nothing is changed, when the group does not exist, or is described otherwise by now
     */
    CompletionStage<Boolean> describe(String group, String seen, Description next);

    /**
     * What must hold of a group after a change.
     *
     * @param most most members; not asked for who is one already
     * @param owned whether the last owner may neither be made anything else nor leave while there are other members
     */
    record Terms(long most, boolean owned) {}

    /** What became of a change. */
    enum Outcome {
        CHANGED,
        /** Nothing: the seat or the group's existence is no longer as seen. */
        STALE,
        /** Nothing: the group has as many members as it may have. */
        FULL,
        /** Nothing: the last owner has to stay one. */
        LAST_OWNER
    }

    /**
     * Changes a user's seat, and creates the group where needed.
     *
     * @param seen what the decision was made on
     * @param next the seat from now on
     * @param terms what must hold then
     */
    CompletionStage<Outcome> change(String group, String user, Roll seen, Seat next, Terms terms);

    /** Notes that everybody was told of a seat's change: an empty one is cleared away. Does nothing when the seat has another version by now. */
    CompletionStage<Void> settle(String group, String user, Seat told);

    /** A user's list: by group, a listing or a mark. */
    CompletionStage<Map<String, String>> listed(String user);

    /** How many groups and marks are in a user's list. */
    CompletionStage<Long> count(String user);

    /** What stands in a user's list for a group, or null. */
    CompletionStage<String> listed(String user, String group);

    /** Puts a mark into a user's list, whatever stood there. */
    CompletionStage<Void> mark(String user, String group, String mark);

    /**
     * Replaces a mark by what is true.
     *
     * @param listing what stands there from now on, or null for no member
     * @return false, and nothing is changed, when it is not this mark that stands there
     */
    CompletionStage<Boolean> unmark(String user, String group, String mark, String listing);
}
