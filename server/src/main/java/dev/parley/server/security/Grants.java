package dev.parley.server.security;

import dev.parley.protocol.Address;
import java.util.List;
import java.util.Set;

/**
 * What a token says of groups: nothing, or all that its bearer may do in them. Immutable; any thread.
 *
 * @param list the grants in the token's order; null where it says nothing
 */
public record Grants(List<Grant> list) {

    /** Of a token without grants. */
    public static final Grants UNSAID = new Grants(null);

    /**
     * One grant.
     *
     * @param pattern a group's name, in which each {@code *} stands for any characters, none included
     * @param may what is allowed in the groups that it fits
     */
    public record Grant(String pattern, Set<Action> may) {
        public Grant {
            may = Set.copyOf(may);
        }

        boolean fits(String name) {
            int at = 0;
            int next = 0;
            int star = -1;
            int resume = 0;
            while (at < name.length()) {
                if (next < pattern.length() && pattern.charAt(next) == '*') {
                    star = next++;
                    resume = at;
                } else if (next < pattern.length() && pattern.charAt(next) == name.charAt(at)) {
                    next++;
                    at++;
                } else if (star >= 0) {
                    // The last star takes one character more.
                    next = star + 1;
                    at = ++resume;
                } else {
                    return false;
                }
            }
            while (next < pattern.length() && pattern.charAt(next) == '*') {
                next++;
            }
            return next == pattern.length();
        }
    }

    public Grants {
        list = list == null ? null : List.copyOf(list);
    }

    /** Whether its bearer may do that in a group. What no grant allows is refused, as soon as there is any grant. */
    public Verdict judge(Action action, Address.Group group) {
        if (list == null) {
            return Verdict.UNSAID;
        }
        for (Grant grant : list) {
            if (grant.may.contains(action) && grant.fits(group.name())) {
                return Verdict.GRANTED;
            }
        }
        return Verdict.REFUSED;
    }
}
