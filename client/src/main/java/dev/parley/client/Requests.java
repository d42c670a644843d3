package dev.parley.client;

import dev.parley.client.ParleyException.Kind;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.RequestId;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.protocol.json.FrameWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Requests other than sends, from when they are made until they are answered. They do not wait for a connection; a refusal that says "later" is tried again
 * within the request timeout. Belongs to the loop.
 */
final class Requests {
    private final Loop loop;
    private final LongSupplier ids;
    private final Duration timeout;
    private final Backoff backoff;
    private final Map<Long, Request<?>> pending = new HashMap<>();
    private Wire wire;

    /** A request under way: {@code reading} makes the answer, on the loop, before any later frame is looked at. */
    private final class Request<T> {
        private final Function<RequestId, ClientFrame> frame;
        private final Function<Result, T> reading;
        private final CompletableFuture<T> answer;
        private Loop.Timer deadline = Loop.Timer.NONE;
        private long id;

        private Request(
                Function<RequestId, ClientFrame> frame, Function<Result, T> reading, CompletableFuture<T> answer) {
            this.frame = frame;
            this.reading = reading;
            this.answer = answer;
        }

        private void send() {
            id = ids.getAsLong();
            pending.put(id, this);
            wire.write(FrameWriter.write(frame.apply(new RequestId.Number(id))));
        }

        private void succeed(Result result) {
            try {
                Answers.succeed(answer, reading.apply(result));
                deadline.cancel();
            } catch (ClassCastException e) {
                fail(new ParleyException(Kind.OUTCOME_UNKNOWN, "the server's answer belongs to another request", e));
            }
        }

        private void fail(ParleyException cause) {
            deadline.cancel();
            Answers.fail(answer, cause);
        }

        private void timedOut() {
            pending.remove(id);
            fail(new ParleyException(Kind.TIMEOUT, "no answer within " + timeout.toMillis() + " ms"));
        }
    }

    Requests(Loop loop, LongSupplier ids, Duration timeout, Backoff backoff) {
        this.loop = loop;
        this.ids = ids;
        this.timeout = timeout;
        this.backoff = backoff;
    }

    /** There is a connection. */
    void online(Wire now) {
        wire = now;
    }

    /** The connection is lost, and with it the answers. */
    void offline() {
        wire = null;
        List<Request<?>> lost = List.copyOf(pending.values());
        pending.clear();
        lost.forEach(request -> request.fail(
                new ParleyException(Kind.OUTCOME_UNKNOWN, "the connection was lost before the answer came")));
    }

    /**
     * Makes a request.
     *
     * @param frame the frame under an id
     * @param reading the answer, from the ack; called on the loop
     * @param answer is completed with it
     */
    <T> void make(Function<RequestId, ClientFrame> frame, Function<Result, T> reading, CompletableFuture<T> answer) {
        if (wire == null) {
            Answers.fail(answer, new ParleyException(Kind.OFFLINE, "there is no connection now"));
            return;
        }
        Request<T> request = new Request<>(frame, reading, answer);
        request.deadline = loop.after(timeout, request::timedOut);
        request.send();
    }

    /** How many are under way. */
    int inFlight() {
        return pending.size();
    }

    /**
     * An ack or pong came.
     *
     * @return whether it answers one of these
     */
    boolean answered(long id, Result result) {
        Request<?> request = pending.remove(id);
        if (request != null) {
            backoff.reset();
            request.succeed(result);
        }
        return request != null;
    }

    /**
     * An error came.
     *
     * @return whether it answers one of these
     */
    boolean refused(long id, ServerFrame.Error error) {
        Request<?> request = pending.remove(id);
        if (request == null) {
            return false;
        }
        if (!error.code().retryable()) {
            request.fail(ParleyException.refused(error));
            return true;
        }
        pending.put(id, request); // so that the timeout and a loss still find it
        Duration delay = error.retryAfter() == null ? backoff.next() : Duration.ofMillis(error.retryAfter());
        loop.after(delay, () -> {
            if (pending.remove(id, request)) {
                request.send();
            }
        });
        return true;
    }
}
