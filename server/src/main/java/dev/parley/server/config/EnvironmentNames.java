package dev.parley.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which environment variables look like settings of Parley, but are none. A misspelt system property stops the start by itself; a misspelt variable would be
 * ignored without a word. Only a warning comes of it, since others name their variables {@code PARLEY_…} too. Used by {@link ConfigCheck}.
 */
final class EnvironmentNames {
    private static final String PREFIX = "PARLEY_";

    /** What Kubernetes puts into each pod beside a service called parley or parley-something, and what the parley command reads. */
    private static final Pattern OF_OTHERS = Pattern.compile(
            "PARLEY_(.+_)?(SERVICE_(HOST|PORT.*)|PORT(_\\d+_(TCP|UDP|SCTP)(_.*)?)?)|PARLEY_(URL|TOKEN)");

    /** How many letters a name may be off for the right one to be guessed. */
    private static final int MISTAKES_MAX = 4;

    private final List<String> known;
    private final Pattern pattern;

    /** Takes the names of all properties, with {@code *} where a name is free. */
    EnvironmentNames(Collection<String> properties) {
        known = properties.stream().map(EnvironmentNames::variable).sorted().toList();
        String alternatives = String.join(
                "|", known.stream().map(name -> name.replace("*", "_?.+")).toList());
        pattern = Pattern.compile("(" + alternatives + ")(_\\d+_)?");
    }

    /** The variable that sets a property: upper case, and {@code _} for all that is neither letter nor digit. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9*]", "_");
    }

    /** A sentence for each variable that sets nothing. */
    Stream<String> complaints(Collection<String> variables) {
        return variables.stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !pattern.matcher(name).matches())
                .filter(name -> !OF_OTHERS.matcher(name).matches())
                .sorted()
                .map(name -> "The environment variable " + name + " sets nothing: no property of Parley has that name"
                        + nearest(name)
                                .map(right -> "; did you mean " + right + "?")
                                .orElse("."));
    }

    private Optional<String> nearest(String name) {
        return known.stream()
                .filter(right -> distance(name, right) <= MISTAKES_MAX)
                .min(Comparator.comparingInt(right -> distance(name, right)));
    }

    /** Levenshtein's: how many letters must be added, removed or changed. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
