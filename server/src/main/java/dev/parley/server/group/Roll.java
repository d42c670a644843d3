package dev.parley.server.group;

/**
 * What a group's members say about one user.
 *
 * @param exists whether the group was ever created
 * @param members how many members it has
 * @param seat the user's, or null
 */
public record Roll(boolean exists, long members, Seat seat) {

    /** Whether the user is a member. */
    public boolean member() {
        return seat != null && seat.taken();
    }

    /** What tells the user's membership from others before and after it; null for no member. */
    public String term() {
        return member() ? seat.term() : null;
    }

    /** The version of the user's seat; empty where there is none. */
    public String version() {
        return seat == null ? "" : seat.version();
    }
}
