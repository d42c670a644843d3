package dev.parley.protocol.json;

/** The seed of the tests on made-up input: another one each time, told when a test fails, and given again by {@code -Dparley.seed=…}. */
final class Seed {
    private Seed() {}

    static long next() {
        return Long.getLong("parley.seed", System.nanoTime());
    }

    static String sentence(long seed) {
        return "with -Dparley.seed=" + seed;
    }
}
