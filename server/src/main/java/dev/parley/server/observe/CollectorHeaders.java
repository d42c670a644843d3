package dev.parley.server.observe;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads {@code parley.tracing.headers}, at the start. Values are keys of the collector, so a complaint about one names its header or its number and does not show it. */
final class CollectorHeaders {
    private static final String PROPERTY = "parley.tracing.headers";
    private static final String HOW = "write each entry as name=value, and a comma in a value as \\,.";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");

    /** Of HTTP itself and of the exporter, and never sent twice. */
    private static final Set<String> NOT_OURS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "transfer-encoding",
            "upgrade");

    private CollectorHeaders() {}

    /**
     * The headers by name.
     *
     * @param entries as they are configured
     * @throws ConfigurationException when one is none
     */
    static Map<String, String> of(List<String> entries) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            int equals = Math.max(entry.indexOf('='), 0);
            String name = entry.substring(0, equals).strip();
            String value = entry.substring(Math.min(equals + 1, entry.length())).strip();
            if (!NAME.matcher(name).matches()) {
                throw new ConfigurationException(PROPERTY + ": what stands before the '=' of entry " + (i + 1)
                        + " is no name of a header: " + HOW);
            }
            if (value.isEmpty() || !value.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
                throw new ConfigurationException(PROPERTY + ": the value of " + name
                        + " is empty or has other than printable ASCII characters: " + HOW);
            }
            if (NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new ConfigurationException(
                        PROPERTY + ": " + name + " is set by HTTP or by the exporter itself: leave it out.");
            }
            if (headers.put(name, value) != null) {
                throw new ConfigurationException(PROPERTY + ": " + name + " is there twice: give each header once.");
            }
        }
        return headers;
    }
}
