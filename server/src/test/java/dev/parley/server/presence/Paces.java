package dev.parley.server.presence;

import java.time.Duration;

/** Paces at which tests need not wait long. */
final class Paces {
    static final Pace QUICK = of(Duration.ofMillis(300), Duration.ofMillis(50), 500);

    private Paces() {}

    static Pace grace(Duration grace) {
        return of(grace, QUICK.round(), 500);
    }

    static Pace named(int named) {
        return of(QUICK.grace(), QUICK.round(), named);
    }

    static Pace round(Duration round) {
        return of(QUICK.grace(), round, 500);
    }

    private static Pace of(Duration grace, Duration round, int named) {
        return new Pace(
                grace,
                round,
                4_000,
                named,
                Duration.ofMillis(200),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                Duration.ofMillis(300));
    }
}
