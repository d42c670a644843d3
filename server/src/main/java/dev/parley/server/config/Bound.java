package dev.parley.server.config;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What one number, size or duration may be. {@link ConfigCheck} holds the settings against it at the start, and the page
 * {@code docs/configuration.md} prints it.
 *
 * @param <T> the part of the tree the property is in
 * @param property its full name
 * @param value reads it, as a number that compares with {@code least} and {@code most}
 * @param least smallest allowed
 * @param most largest allowed
 * @param unit what is counted, in a word or two
 * @param notation how such a number is written in a setting
 */
record Bound<T>(
        String property, ToLongFunction<T> value, long least, long most, String unit, Function<Long, String> notation) {

    static <T> Bound<T> count(String property, String unit, ToLongFunction<T> value, long least, long most) {
        return new Bound<>(property, value, least, most, unit, String::valueOf);
    }

    static <T> Bound<T> duration(String property, Function<T, Duration> value, String least, String most) {
        return new Bound<>(
                property,
                value.andThen(Bound::millis)::apply,
                millis(parse(least)),
                millis(parse(most)),
                "time",
                Bound::written);
    }

    boolean holds(T settings) {
        long actual = value.applyAsLong(settings);
        return least <= actual && actual <= most;
    }

    /** The allowed values in words, such as {@code 1S to 1H}. */
    String range() {
        return notation.apply(least) + " to " + notation.apply(most);
    }

    /** What is wrong with the settings and how to mend it, in one sentence. */
    String complaint(T settings) {
        return property + " is " + notation.apply(value.applyAsLong(settings)) + ": set it to " + range() + ".";
    }

    /** As settings write it: {@code 30S}, {@code 7D}, {@code 250MS}. */
    private static String written(long millis) {
        Duration duration = Duration.ofMillis(millis);
        if (millis % 1000 != 0) {
            return millis + "MS";
        }
        return millis != 0 && millis % Duration.ofDays(1).toMillis() == 0
                ? duration.toDays() + "D"
                : duration.toString().substring("PT".length());
    }

    private static Duration parse(String written) {
        return Duration.parse((written.endsWith("D") ? "P" : "PT") + written);
    }

    /** A duration beyond what milliseconds can count is beyond every bound. */
    private static long millis(Duration duration) {
        try {
            return duration.toMillis();
        } catch (ArithmeticException e) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
