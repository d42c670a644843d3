package dev.parley.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.parley.protocol.Limits;

/** What JSON is taken: plain RFC 8259, no deeper and with no longer numbers than the protocol allows. Used by {@link FrameReader} only. */
final class Rules {

    /** Longest number in characters; nobody computes with more digits, and converting them is slow for whoever tries. */
    private static final int NUMBER_MAX = 1000;

    /** A message in a page of history stands two levels deeper than it was sent: in {@code messages}, in the ack. */
    private static final int PAGE_LEVELS = 2;

    private Rules() {}

    /** For frames of clients, and envelopes. */
    static JsonFactory frames() {
        return factory(Limits.DEPTH_MAX, NUMBER_MAX);
    }

    /** For frames of the server. */
    static JsonFactory pages() {
        return factory(Limits.DEPTH_MAX + PAGE_LEVELS, NUMBER_MAX);
    }

    /** For looking for the id in what is refused, however deep it goes. */
    static JsonFactory unbounded() {
        return factory(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private static JsonFactory factory(int depth, int number) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(depth)
                .maxNumberLength(number)
                .maxStringLength(Integer.MAX_VALUE) // the size of the whole has been checked
                .maxNameLength(Integer.MAX_VALUE)
                .build();
        return new JsonFactoryBuilder()
                .streamReadConstraints(constraints)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /** A sentence without Jackson's own words, which name classes and quote what was sent. */
    static String explain(JsonProcessingException e) {
        if (e instanceof StreamConstraintsException) {
            return "nested deeper than " + Limits.DEPTH_MAX + ", or with a number of more than " + NUMBER_MAX
                    + " digits";
        }
        long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
        return at < 0 ? "not one JSON object" : "not one JSON object: wrong at or before character " + at;
    }
}
