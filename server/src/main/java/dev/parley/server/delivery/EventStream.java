package dev.parley.server.delivery;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Draining;
import dev.parley.protocol.ServerFrame.Gap;
import dev.parley.protocol.ServerFrame.Ping;
import dev.parley.protocol.ServerFrame.Skip;
import dev.parley.protocol.json.FrameReader;
import dev.parley.protocol.json.MessageHead;
import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jboss.logging.Logger;

/**
 * One answer of server-sent events, which only writes. Takes the frames that sockets get, in the bytes they share, and writes them as events whose ids are cursors:
 * each message, skip and gap moves the place of its channel, and the id tells the places of all. So a client that comes back with the last id it saw goes on
 * exactly there. Belongs to the event loop of its connection, called by the gateway and the feeds.
 *
 * <p>Back-pressure is that of {@link Socket}: over {@code limits.outgoing} bytes that wait, {@link #hasRoom} is false. A peer that cannot speak gives a sign of
 * life by taking what is sent to it.
 */
public final class EventStream implements Transport {
    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final FrameReader READER = new FrameReader(Integer.MAX_VALUE);
    private static final int RETRY_MIN_MILLIS = 500;
    private static final int RETRY_SPREAD_MILLIS = 2000;
    private static final long CLOSE_TIMEOUT_SECONDS = 5;
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Fanout fanout;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final int outgoing;
    private final Runnable onGone;
    private final EventId id = new EventId();
    private Inbound inbound;
    private Wheel.Watch watch;
    private Runnable onRoom = () -> {};
    private Buffer waiting = Buffer.buffer();
    private boolean begun;
    private boolean dirty;
    private boolean full;
    private boolean closing;
    private boolean ended;
    private boolean gone;
    private long heardAt = System.nanoTime();
    private long sentAt = heardAt;
    private long queued;
    private long drained;

    EventStream(Fanout fanout, HttpServerRequest request, int outgoing, Runnable onGone) {
        this.fanout = fanout;
        this.request = request;
        this.response = request.response();
        this.outgoing = outgoing;
        this.onGone = onGone;
    }

    @Override
    public void handleWith(Inbound handler) {
        inbound = handler;
        response.closeHandler(closed -> lost());
        response.exceptionHandler(failure -> lost());
        // A request that is paused would keep the connection from being read, and its end from being seen.
        request.exceptionHandler(failure -> lost());
        request.resume();
    }

    /**
     * Begins the stream: its head, and the first event with where each channel stands, so that even who hears nothing else can come back.
     *
     * @param places of the channels that are followed, in the order of the ids
     * @param json the {@code welcome} frame
     */
    public void welcome(Map<String, Cursor> places, byte[] json) {
        places.forEach(id::moved);
        begin();
        event("welcome", id.text(), json, json.length);
    }

    /** Answers with anything but a stream; it must not have begun. */
    public void answer(int status, Map<String, String> headers, byte[] body) {
        if (closing) {
            return;
        }
        closing = true;
        headers.forEach(response::putHeader);
        response.setStatusCode(status).end(Buffer.buffer(body)).onComplete(sent -> left());
        end();
    }

    /**
     * Sends somebody away who is to come back by themselves. Browsers do so only where a stream ends, after any other answer never.
     *
     * @param millis after which they come
     * @param json why: an {@code error} frame
     */
    public void comeBack(long millis, byte[] json) {
        if (!closing) {
            begin();
            retry(millis);
            event("error", null, json, json.length);
            finish();
        }
    }

    /** Whether it was begun, or answered in another way. */
    public boolean isDecided() {
        return begun || closing;
    }

    @Override
    public void watch(int seconds, IntSupplier check) {
        watch = new Wheel.Watch(check::getAsInt);
        fanout.wheel.add(watch, seconds);
    }

    @Override
    public void onRoom(Runnable task) {
        onRoom = task;
    }

    @Override
    public Fanout fanout() {
        return fanout;
    }

    @Override
    public boolean hasRoom() {
        full |= queued - drained >= outgoing;
        return !full && !closing;
    }

    @Override
    public void write(byte[] json) {
        if (!closing) {
            frame(json, json.length);
        }
    }

    @Override
    public void write(ByteBuf frames) {
        try {
            if (!closing) {
                Wire.forEachText(frames, fanout::scratch, this::frame);
            }
        } finally {
            frames.release();
        }
    }

    @Override
    public void flush(long now) {
        dirty = false;
        if (waiting.length() > 0 && !gone) {
            Buffer out = waiting;
            waiting = Buffer.buffer();
            sentAt = now;
            try {
                response.write(out).onComplete(written -> taken(out.length(), written));
            } catch (RuntimeException | OutOfMemoryError failure) {
                // Nobody knows how much of it went; the others of this turn are flushed all the same.
                LOG.error("a stream could not be flushed", failure);
                cutOff();
            }
        }
    }

    @Override
    public void close(CloseReason reason) {
        if (!closing) {
            fanout.closing(reason);
            begin();
            byte[] why = ("{\"type\":\"close\",\"code\":" + reason.code() + ",\"reason\":\"" + reason.text() + "\"}")
                    .getBytes(StandardCharsets.US_ASCII);
            event("close", null, why, why.length);
            finish();
        }
    }

    @Override
    public void fail(Throwable fault) {
        LOG.error("a stream is closed over a fault of the server", fault);
        try {
            close(CloseReason.OVERLOADED);
        } catch (RuntimeException | OutOfMemoryError noWay) {
            cutOff();
        }
    }

    private void cutOff() {
        response.reset();
        lost();
    }

    /** There is nothing to read. */
    @Override
    public void pauseReading(boolean pause) {}

    @Override
    public long heardAt() {
        return heardAt;
    }

    @Override
    public long sentAt() {
        return sentAt;
    }

    @Override
    public long queuedBytes() {
        return queued;
    }

    @Override
    public long drainedBytes() {
        return drained;
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        response.setStatusCode(200)
                .setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                // nginx and those that took this over from it pass on at once what they would gather otherwise.
                .putHeader("X-Accel-Buffering", "no");
        retry(RETRY_MIN_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS));
    }

    /** What a stream is for: messages and the places of those that do not come. Of presence, typing and receipts nothing is told here. */
    private void frame(byte[] json, int length) {
        begin();
        MessageHead message = FrameReader.readMessageHead(json, 0, length);
        if (message != null) {
            moved("message", message.channel(), message.at(), json, length);
        } else {
            otherFrame(READER.readServer(json, 0, length), json, length);
        }
    }

    private void otherFrame(ServerFrame frame, byte[] json, int length) {
        if (frame instanceof Skip skip) {
            moved("skip", skip.channel(), new Cursor(skip.epoch(), skip.to()), json, length);
        } else if (frame instanceof Gap gap) {
            moved("gap", gap.channel(), new Cursor(gap.epoch(), gap.to()), json, length);
        } else if (frame instanceof Ping) {
            append(COMMENT, COMMENT.length);
        } else if (frame instanceof Draining draining) {
            retry(draining.reconnectAfter());
            event("draining", null, json, length);
        } else if (frame instanceof ServerFrame.Error) {
            event("error", null, json, length);
        } else if (frame instanceof ServerFrame.Expiring) {
            event("expiring", null, json, length);
        } else if (frame instanceof ServerFrame.Membership) {
            event("membership", null, json, length);
        }
    }

    private void moved(String event, String channel, Cursor at, byte[] json, int length) {
        if (at != null) {
            id.moved(channel, at);
        }
        event(event, at == null ? null : id.text(), json, length);
    }

    /** A frame has no line break, so its data is one line. */
    private void event(String name, String cursors, byte[] json, int length) {
        StringBuilder head = new StringBuilder(128).append("event: ").append(name);
        if (cursors != null) {
            head.append("\nid: ").append(cursors);
        }
        byte[] start = head.append("\ndata: ").toString().getBytes(StandardCharsets.UTF_8);
        append(start, start.length);
        append(json, length);
        waiting.appendByte((byte) '\n').appendByte((byte) '\n');
        queued += 2;
    }

    private void retry(long millis) {
        byte[] line = ("retry: " + millis + "\n\n").getBytes(StandardCharsets.US_ASCII);
        append(line, line.length);
    }

    private void append(byte[] bytes, int length) {
        waiting.appendBytes(bytes, 0, length);
        queued += length;
        if (!dirty) {
            dirty = true;
            fanout.flushLater(this);
        }
    }

    private void taken(int bytes, AsyncResult<Void> written) {
        if (written.failed()) {
            lost();
            return;
        }
        drained += bytes;
        heardAt = System.nanoTime();
        if (full && queued - drained <= outgoing / 2) {
            full = false;
            if (!closing) {
                inbound.room();
                onRoom.run();
            }
        }
    }

    /** The last bytes, and then the end; who does not take them in time is cut off. */
    private void finish() {
        closing = true;
        Buffer last = waiting;
        waiting = Buffer.buffer();
        response.end(last).onComplete(sent -> left());
        later(TimeUnit.SECONDS.toMillis(CLOSE_TIMEOUT_SECONDS), () -> {
            if (!gone) {
                response.reset();
                left();
            }
        });
        end();
    }

    /** The connection, or this answer's part of it, is gone. */
    private void lost() {
        closing = true;
        left();
        end();
    }

    private void left() {
        if (!gone) {
            gone = true;
            onGone.run();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            if (watch != null) {
                watch.end();
            }
            inbound.closed();
        }
    }
}
