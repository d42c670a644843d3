package dev.parley.server.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds a small part of a list that still fails, by leaving out ever smaller pieces (delta debugging): none of what is left can be left out alone. Where failing
 * is a matter of luck the result may be larger than need be.
 */
final class Shrinker {
    private Shrinker() {}

    /**
     * Makes a failing list smaller.
     *
     * @param fails whether a part of the list fails, too; it is asked up to {@code tries} times
     */
    static <T> List<T> shrink(List<T> all, Predicate<List<T>> fails, int tries) {
        List<T> failing = all;
        int left = tries;
        int pieces = 2;
        while (failing.size() > 1 && left > 0) {
            int size = (failing.size() + pieces - 1) / pieces;
            boolean smaller = false;
            for (int from = 0; from < failing.size() && left > 0 && !smaller; from += size) {
                List<T> rest = new ArrayList<>(failing.subList(0, from));
                rest.addAll(failing.subList(Math.min(failing.size(), from + size), failing.size()));
                left--;
                if (fails.test(rest)) {
                    failing = rest;
                    smaller = true;
                }
            }
            if (smaller) {
                pieces = Math.max(2, pieces - 1);
            } else if (size == 1) {
                break;
            } else {
                pieces = Math.min(failing.size(), 2 * pieces);
            }
        }
        return failing;
    }
}
