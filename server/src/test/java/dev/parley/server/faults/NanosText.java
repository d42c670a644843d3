package dev.parley.server.faults;

import java.util.Locale;

/** Nanoseconds as people read them. */
final class NanosText {
    private NanosText() {}

    static String of(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
