package dev.parley.server.trace;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.Failures;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/**
 * One traced message on the instance that took it: from its coming in until its sender is told what became of it, and in that its way into the log. Used by
 * routing, on any thread, one step after the other.
 */
public final class Trace {
    private final Tracer tracer;
    private final Span send;
    private final String channel;
    private Span write;

    Trace(Tracer tracer, Span send, String channel) {
        this.tracer = tracer;
        this.send = send;
        this.channel = channel;
    }

    /**
     * It is about to be written.
     *
     * @param kept whether to the log, or only to those who follow now
     * @param messageId its id
     * @return what is to travel with it, so that each instance adds its part; a text without spaces
     */
    public String write(boolean kept, String messageId) {
        send.setAttribute(Tracing.MESSAGE, messageId);
        Context in = Context.root().with(send);
        write = Tracing.span(tracer, kept ? "append" : "publish", "send", channel, SpanKind.INTERNAL, in)
                .setAttribute(Tracing.MESSAGE, messageId)
                .startSpan();
        return TraceParent.travelling(write);
    }

    /**
     * It is written, or not.
     *
     * @param at its place, or null of what is not kept
     * @param duplicate whether an earlier one of the same id stands there
     * @param failure why not, or null
     */
    public void written(Cursor at, boolean duplicate, Throwable failure) {
        if (at != null) {
            write.setAttribute(Tracing.EPOCH, at.epoch()).setAttribute(Tracing.SEQ, at.seq());
            write.setAttribute("parley.duplicate", duplicate);
        }
        end(write, failure);
    }

    /** Its sender is told; {@code failure} is what is told instead of an acknowledgement, or null. */
    public void ended(Throwable failure) {
        end(send, failure);
    }

    /** Only the kind of a failure: its text might quote what was sent. */
    private static void end(Span span, Throwable failure) {
        if (failure != null) {
            Throwable cause = Failures.causeOf(failure);
            String type = cause instanceof ProtocolException refusal
                    ? refusal.code().wire()
                    : cause.getClass().getSimpleName();
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", type);
        }
        span.end();
    }
}
