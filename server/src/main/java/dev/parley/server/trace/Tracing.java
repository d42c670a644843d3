package dev.parley.server.trace;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Decides for each message that comes in whether it is traced, and begins its spans. Off until {@link #start}, and then a message costs one look at a field; asked
 * by routing and delivery on any thread.
 */
@Singleton
public final class Tracing {
    static final String DESTINATION = "messaging.destination.name";
    static final String MESSAGE = "messaging.message.id";
    static final String EPOCH = "parley.epoch";
    static final String SEQ = "parley.seq";

    /** Null while it is off; written once, before the server listens. */
    private Tracer tracer;

    private double ratio;

    /**
     * Begins to trace.
     *
     * @param to where spans are told
     * @param part how many of the messages are traced whose senders bring no decision, 0 to 1
     */
    public void start(Tracer to, double part) {
        ratio = part;
        tracer = to;
    }

    /**
     * A message came in.
     *
     * @param to where it is to go
     * @param caller what the caller brought, whose decision holds where there is one
     * @return its trace, or null when it is not traced
     */
    public Trace begin(Address to, CallersTrace caller) {
        return tracer == null ? null : decide(to, caller);
    }

    private Trace decide(Address to, CallersTrace caller) {
        TraceParent parent = TraceParent.of(caller);
        boolean sampled =
                parent == null ? ratio > 0 && ThreadLocalRandom.current().nextDouble() < ratio : parent.sampled();
        if (!sampled) {
            return null;
        }
        Context in = parent == null ? Context.root() : parent.context();
        String channel = to.channel();
        Span send = span(tracer, "send", "send", channel, SpanKind.PRODUCER, in).startSpan();
        return new Trace(tracer, send, channel);
    }

    /**
     * A traced message is about to be written to this instance's followers.
     *
     * @param channel the channel's name
     * @param at its place, or null of what is not kept
     * @param trace as {@link Trace#write} made it, perhaps on another instance
     * @param since when it was heard here, {@link System#nanoTime}
     * @return its delivery, or null when this instance does not trace
     */
    public Delivery deliver(String channel, Cursor at, String trace, long since) {
        TraceParent parent = tracer == null ? null : TraceParent.arrived(trace);
        if (parent == null || !parent.sampled()) {
            return null;
        }
        Instant now = Instant.now();
        long begin = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - (System.nanoTime() - since);
        Span span = span(tracer, "deliver", "process", channel, SpanKind.CONSUMER, parent.context())
                .setStartTimestamp(begin, TimeUnit.NANOSECONDS)
                .startSpan();
        if (at != null) {
            span.setAttribute(EPOCH, at.epoch()).setAttribute(SEQ, at.seq());
        }
        return new Delivery(span);
    }

    static SpanBuilder span(Tracer tracer, String name, String type, String channel, SpanKind kind, Context in) {
        String template = template(channel);
        return tracer.spanBuilder(name + " " + template)
                .setParent(in)
                .setSpanKind(kind)
                .setAttribute("messaging.system", "parley")
                .setAttribute("messaging.operation.name", name)
                .setAttribute("messaging.operation.type", type)
                .setAttribute("messaging.destination.template", template)
                .setAttribute(DESTINATION, channel);
    }

    /** Names of spans are few: without the name of the group or of the user. */
    private static String template(String channel) {
        int slash = channel.indexOf('/');
        return slash < 0 ? channel : channel.substring(0, slash) + "/{name}";
    }
}
