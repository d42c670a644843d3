package dev.parley.server.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.HexFormat;

/**
 * A {@code traceparent} of W3C Trace Context and the {@code tracestate} with it: as callers bring them, and as they travel with a message through the log.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId 16 hexadecimal digits, not all zero
 * @param sampled whether its sender records the trace
 * @param state what systems of tracing added; mostly empty
 */
record TraceParent(String traceId, String spanId, boolean sampled, TraceState state) {

    /** Of version 00, and what every later version begins with: {@code 00-<trace>-<span>-<flags>}. */
    private static final int LENGTH = 55;

    private static final int TRACE_AT = 3;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int SAMPLED = 1;

    /** Between the two as they travel; no {@code traceparent} has one. */
    private static final char STATE_FOLLOWS = ',';

    /** Stands for a space in a value of the {@code tracestate}, for a space ends a token of an entry's header. No {@code tracestate} has one. */
    private static final char SPACE = '\t';

    /** Reads what a caller brought; null for what is no {@code traceparent}, which is to be treated as if it were not there. */
    static TraceParent of(CallersTrace caller) {
        return parse(caller.traceparent(), caller.tracestate());
    }

    /** Reads what {@link #travelling} wrote; null for what is none. */
    static TraceParent arrived(String text) {
        int comma = text.indexOf(STATE_FOLLOWS);
        return comma < 0
                ? parse(text, null)
                : parse(text.substring(0, comma), text.substring(comma + 1).replace(SPACE, ' '));
    }

    private static TraceParent parse(String text, String state) {
        if (text == null || text.length() < LENGTH || !isHex(text, 0, 2) || text.startsWith("ff")) {
            return null;
        }
        boolean first = text.startsWith("00");
        if (first && text.length() > LENGTH || text.length() > LENGTH && text.charAt(LENGTH) != '-') {
            return null;
        }
        boolean formed = text.charAt(TRACE_AT - 1) == '-'
                && isHex(text, TRACE_AT, SPAN_AT - 1)
                && text.charAt(SPAN_AT - 1) == '-'
                && isHex(text, SPAN_AT, FLAGS_AT - 1)
                && text.charAt(FLAGS_AT - 1) == '-'
                && isHex(text, FLAGS_AT, LENGTH);
        if (!formed || isZero(text, TRACE_AT, SPAN_AT - 1) || isZero(text, SPAN_AT, FLAGS_AT - 1)) {
            return null;
        }
        int flags = HexFormat.fromHexDigits(text, FLAGS_AT, LENGTH);
        return new TraceParent(
                text.substring(TRACE_AT, SPAN_AT - 1),
                text.substring(SPAN_AT, FLAGS_AT - 1),
                (flags & SAMPLED) != 0,
                States.parse(state));
    }

    /** Of a span that is recorded: a text without spaces, to travel with the message. */
    static String travelling(Span span) {
        SpanContext its = span.getSpanContext();
        String parent = "00-" + its.getTraceId() + "-" + its.getSpanId() + "-01";
        TraceState state = its.getTraceState();
        return state.isEmpty()
                ? parent
                : parent + STATE_FOLLOWS + States.write(state).replace(' ', SPACE);
    }

    /** In which a span begins that has this one as its parent. */
    Context context() {
        SpanContext remote = SpanContext.createFromRemoteParent(
                traceId, spanId, sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(), state);
        return Context.root().with(Span.wrap(remote));
    }

    /** Upper case is not allowed. */
    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String text, int from, int to) {
        return text.chars().skip(from).limit(to - from).allMatch(digit -> digit == '0');
    }
}
