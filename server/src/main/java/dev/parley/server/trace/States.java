package dev.parley.server.trace;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads and writes {@code tracestate} of W3C Trace Context, a list of keys and values. It is passed on as it came, in its order; one that breaks a rule of the standard, or is longer
 * than what the standard asks everybody to pass on, is as good as none.
 */
final class States {
    /** In characters, with the commas and what white space there is around them. */
    private static final int LENGTH_MAX = 512;

    private static final int MEMBERS_MAX = 32;

    private States() {}

    /** Of a header, or null; empty for what is none. */
    static TraceState parse(String text) {
        if (text == null || text.length() > LENGTH_MAX) {
            return TraceState.getDefault();
        }
        List<String> members = new ArrayList<>();
        for (String member : text.split(",")) {
            String trimmed = trim(member);
            if (!trimmed.isEmpty()) {
                members.add(trimmed);
            }
        }
        if (members.size() > MEMBERS_MAX) {
            return TraceState.getDefault();
        }
        // The builder puts each before those that it has, and leaves out what is no key or no value.
        Collections.reverse(members);
        TraceStateBuilder builder = TraceState.builder();
        for (String member : members) {
            int equals = member.indexOf('=');
            if (equals > 0) {
                builder.put(member.substring(0, equals), member.substring(equals + 1));
            }
        }
        TraceState state = builder.build();
        return state.size() == members.size() ? state : TraceState.getDefault();
    }

    /** As a header has it. */
    static String write(TraceState state) {
        List<String> members = new ArrayList<>();
        state.forEach((key, value) -> members.add(key + '=' + value));
        return String.join(",", members);
    }

    /** Without the white space that the standard allows around a comma; no other. */
    private static String trim(String member) {
        int from = 0;
        int to = member.length();
        while (from < to && isBlank(member.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(member.charAt(to - 1))) {
            to--;
        }
        return member.substring(from, to);
    }

    private static boolean isBlank(char character) {
        return character == ' ' || character == '\t';
    }
}
