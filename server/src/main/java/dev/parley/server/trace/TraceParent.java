package dev.parley.server.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.HexFormat;

/**
 * A {@code traceparent} of W3C Trace Context: as callers bring it, and as it travels with a message through the log.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId 16 hexadecimal digits, not all zero
 * @param sampled whether its sender records the trace
 */
record TraceParent(String traceId, String spanId, boolean sampled) {

    /** Of version 00, and what every later version begins with: {@code 00-<trace>-<span>-<flags>}. */
    private static final int LENGTH = 55;

    private static final int TRACE_AT = 3;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int SAMPLED = 1;

    /** Reads one; null for what is none, which is to be treated as if it were not there. */
    static TraceParent parse(String text) {
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
                text.substring(TRACE_AT, SPAN_AT - 1), text.substring(SPAN_AT, FLAGS_AT - 1), (flags & SAMPLED) != 0);
    }

    /** Of a span that is recorded. */
    static String of(Span span) {
        SpanContext its = span.getSpanContext();
        return "00-" + its.getTraceId() + "-" + its.getSpanId() + "-01";
    }

    /** In which a span begins that has this one as its parent. */
    Context context() {
        SpanContext remote = SpanContext.createFromRemoteParent(
                traceId, spanId, sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(), TraceState.getDefault());
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
