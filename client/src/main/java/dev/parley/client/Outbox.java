package dev.parley.client;

import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.protocol.json.FrameWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Sends, from when they are made until they are acknowledged: kept while there is no connection, sent in the order made within the server's limits, sent again
 * under the same message id after a loss or a refusal that says "later". Belongs to the loop.
 *
 * <p>What the server does not deduplicate (volatile messages and those to one connection) is never sent twice: when its answer is lost, its outcome is unknown.
 */
final class Outbox {
    private static final int INTERNAL_ATTEMPTS = 3;
    private static final int REMEMBERED = 1024;

    private final Loop loop;
    private final LongSupplier ids;
    private final IntSupplier otherInFlight;
    private final int bound;
    private final Backoff backoff;

    private final TreeMap<Long, Message> waiting = new TreeMap<>();
    private final Map<Long, Message> inFlight = new HashMap<>();
    /** Ids of messages sent without echo: after a resume they come like any other. The newest {@value #REMEMBERED}. */
    private final Set<String> withoutEcho = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    private long made;
    private Wire wire;
    private Limits limits;
    private Pace pace;
    private Loop.Timer held;

    /** A send; {@code number} is its place in the order made. */
    private static final class Message {
        private final long number;
        private final ClientFrame.Send send;
        private final CompletableFuture<Result.Sent> answer;
        private boolean attempted;
        private int internalErrors;

        private Message(long number, ClientFrame.Send send, CompletableFuture<Result.Sent> answer) {
            this.number = number;
            this.send = send;
            this.answer = answer;
        }

        private boolean repeatable() {
            return !send.isVolatile() && send.to().keepsMessages();
        }

        private byte[] frame(long id) {
            return FrameWriter.write(send.withId(new RequestId.Number(id)));
        }
    }

    /**
     * @param ids makes request ids
     * @param otherInFlight how many requests that are no sends are under way; they count against the same limit
     * @param bound how many sends may be kept, those under way included
     */
    Outbox(Loop loop, LongSupplier ids, IntSupplier otherInFlight, int bound, Backoff backoff) {
        this.loop = loop;
        this.ids = ids;
        this.otherInFlight = otherInFlight;
        this.bound = bound;
        this.backoff = backoff;
    }

    /** Takes a send, whose {@code id} is not looked at. */
    void add(ClientFrame.Send send, CompletableFuture<Result.Sent> answer) {
        if (waiting.size() + inFlight.size() >= bound) {
            Answers.fail(answer, new ParleyException(Kind.QUEUE_FULL, bound + " messages wait to be sent already"));
        } else if (wire == null && send.isVolatile()) {
            Answers.fail(answer, new ParleyException(Kind.OFFLINE, "there is no connection now"));
        } else {
            Message message = new Message(made++, send, answer);
            waiting.put(message.number, message);
            pump();
        }
    }

    /** There is a connection with these limits. */
    void online(Wire now, Limits its) {
        wire = now;
        limits = its;
        pace = new Pace(its.sendsPerSecond(), its.sendBurst(), System.nanoTime());
        release();
    }

    /** The connection is lost: what was under way waits again, or its outcome is unknown. */
    void offline() {
        wire = null;
        stopHolding();
        for (Message message : inFlight.values()) {
            if (message.repeatable()) {
                waiting.put(message.number, message);
            } else {
                fail(message, Kind.OUTCOME_UNKNOWN, "the connection was lost before the answer came");
            }
        }
        inFlight.clear();
        waiting.values().removeIf(message -> {
            if (message.send.isVolatile()) {
                fail(message, Kind.OFFLINE, "the connection was lost");
            }
            return message.send.isVolatile();
        });
    }

    /** One comes back as somebody else, who must not repeat what was perhaps said already. */
    void identityChanged() {
        waiting.values().removeIf(message -> {
            if (message.attempted) {
                fail(message, Kind.OUTCOME_UNKNOWN, "the connection was lost, and the user is another now");
            }
            return message.attempted;
        });
    }

    /** Nothing is sent any more. */
    void abandon(ParleyException cause) {
        Collection<Message> all = new ArrayList<>(waiting.values());
        all.addAll(inFlight.values());
        waiting.clear();
        inFlight.clear();
        stopHolding();
        all.forEach(message -> Answers.fail(message.answer, cause));
    }

    /** Whether the message was sent by this client without echo. */
    boolean sentWithoutEcho(String messageId) {
        return withoutEcho.contains(messageId);
    }

    /**
     * An ack came.
     *
     * @return whether it answers one of these
     */
    boolean acked(long id, Result.Sent sent) {
        Message message = inFlight.remove(id);
        if (message != null) {
            backoff.reset();
            Answers.succeed(message.answer, sent);
            pump();
        }
        return message != null;
    }

    /**
     * An error came.
     *
     * @return whether it answers one of these
     */
    boolean refused(long id, ServerFrame.Error error) {
        Message message = inFlight.remove(id);
        if (message == null) {
            return false;
        }
        // A code that this version does not know reads as internal too, so those are not tried forever.
        boolean hopeless = error.code() == ErrorCode.INTERNAL && ++message.internalErrors >= INTERNAL_ATTEMPTS;
        boolean safe = message.repeatable() || error.code() == ErrorCode.RATE_LIMITED && !message.send.isVolatile();
        if (error.code().retryable() && !hopeless && safe) {
            waiting.put(message.number, message);
            if (error.retryAfter() != null) {
                hold(Duration.ofMillis(error.retryAfter()));
            } else if (held == null) { // a window full of refusals is one failure, not one each
                hold(backoff.next());
            }
        } else {
            Answers.fail(message.answer, ParleyException.refused(error));
        }
        pump();
        return true;
    }

    /** Sends what may be sent now. */
    void pump() {
        while (wire != null && held == null && !waiting.isEmpty()) {
            if (inFlight.size() + otherInFlight.getAsInt() >= limits.inFlight() && !inFlight.isEmpty()) {
                return; // an ack pumps again
            }
            long pause = pace.take(System.nanoTime());
            if (pause > 0) {
                hold(Duration.ofNanos(pause));
                return;
            }
            transmit(waiting.pollFirstEntry().getValue());
        }
    }

    private void transmit(Message message) {
        long id = ids.getAsLong();
        byte[] frame = message.frame(id);
        if (frame.length > limits.message()) {
            String detail = "the message takes " + frame.length + " bytes, more than the " + limits.message()
                    + " that the server allows";
            Answers.fail(message.answer, ParleyException.refused(ErrorCode.TOO_LARGE, detail));
            return;
        }
        message.attempted = true;
        if (!message.send.echo()) {
            withoutEcho.add(message.send.messageId());
        }
        inFlight.put(id, message);
        wire.write(frame);
    }

    /** Sends nothing for a while: going on behind a refused message would only change the order. */
    private void hold(Duration delay) {
        if (held != null) {
            held.cancel();
        }
        held = loop.after(delay, this::release);
    }

    private void release() {
        stopHolding();
        pump();
    }

    private void stopHolding() {
        if (held != null) {
            held.cancel();
            held = null;
        }
    }

    private static void fail(Message message, Kind kind, String text) {
        Answers.fail(message.answer, new ParleyException(kind, text));
    }
}
