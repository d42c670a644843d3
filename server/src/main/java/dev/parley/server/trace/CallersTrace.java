package dev.parley.server.trace;

import java.util.List;

/**
 * The headers of W3C Trace Context, as a caller brought them: unchecked, and each null where there was none.
 *
 * @param traceparent the caller's span, and whether it is recorded
 * @param tracestate what systems of tracing on the way added to the trace; worth nothing without a {@code traceparent}
 */
public record CallersTrace(String traceparent, String tracestate) {

    /** Of a message whose sender cannot bring a trace. */
    public static final CallersTrace NONE = new CallersTrace(null, null);

    /** Several headers {@code tracestate} are one list. */
    public static CallersTrace of(String traceparent, List<String> tracestates) {
        return new CallersTrace(traceparent, tracestates.isEmpty() ? null : String.join(",", tracestates));
    }
}
