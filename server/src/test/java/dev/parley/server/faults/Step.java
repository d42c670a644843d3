package dev.parley.server.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * One fault of a plan: a line {@code <second> <kind> <target> <seconds>}.
 *
 * @param at when it begins, from the beginning of the plan
 * @param target {@code instance-<1–3>}, {@code redis}, {@code instance-<n>/<link>} or {@code client-<n>}
 * @param lasts until it is healed
 */
record Step(Duration at, Kind kind, String target, Duration lasts) {

    /** The links of an instance. */
    static final List<String> LINKS = List.of("clients", "commands", "subscriptions");

    /** The instance it is about, from 0; of a step on clients, the first client. */
    int number() {
        int slash = target.indexOf('/');
        String whose = slash < 0 ? target : target.substring(0, slash);
        return Integer.parseInt(whose.substring(whose.indexOf('-') + 1)) - 1;
    }

    /** The link it is about. */
    String link() {
        return target.substring(target.indexOf('/') + 1);
    }

    /** By what it is counted: links are told apart, instances are not. */
    String counted() {
        return kind.on == Kind.On.LINK ? kind.label() + " " + link() : kind.label();
    }

    Step at(Duration another) {
        return new Step(another, kind, target, lasts);
    }

    static Step parse(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length != 4) {
            throw new IllegalArgumentException("no step of a plan: " + line);
        }
        return new Step(seconds(words[0]), Kind.of(words[1]), words[2], seconds(words[3]));
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.3f %s %s %.3f",
                at.toMillis() / 1000.0,
                kind.label(),
                target,
                lasts.toMillis() / 1000.0);
    }

    private static Duration seconds(String text) {
        return Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
    }
}
