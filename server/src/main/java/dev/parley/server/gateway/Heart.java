package dev.parley.server.gateway;

import dev.parley.protocol.CloseReason;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import dev.parley.server.delivery.Transport;
import dev.parley.server.limit.Limit;
import java.util.concurrent.TimeUnit;

/**
 * Looks after one connection from time to time: that hello is said, that a silent one is probed and given up, that a token's end is told and enforced. Runs on
 * the connection's event loop, called by its wheel.
 */
final class Heart {
    private static final int GRACE_SECONDS = 5;
    private static final long EXPIRING_MILLIS = 60_000;

    private final Session session;
    private final Transport socket;
    private final long interval;
    private final long timeout;
    private final long helloBy;
    /** When the unanswered ping was sent; 0 for none. */
    private long pingedAt;

    private long drained;
    private long waitingUpTo;
    private boolean warned;
    private boolean late;

    Heart(Session session) {
        this.session = session;
        this.socket = session.socket;
        this.interval = TimeUnit.MILLISECONDS.toNanos(session.gateway.heartbeat.interval());
        this.timeout = TimeUnit.MILLISECONDS.toNanos(session.gateway.heartbeat.timeout());
        this.helloBy = System.nanoTime() + TimeUnit.SECONDS.toNanos(session.gateway.helloSeconds);
    }

    /** Looks, and says in how many seconds to look again; 0 when the connection has ended. */
    int check() {
        return switch (session.state()) {
            case CLOSED -> 0;
            case NEW -> {
                boolean due = System.nanoTime() - helloBy >= 0;
                if (!due || !late) {
                    // Due for the first time: what this loop has not come to read yet may hold it.
                    late = due;
                    yield 1;
                }
                session.gateway.exceeded.count(Limit.HELLO);
                session.refuse(null, new ProtocolException(ErrorCode.UNAUTHENTICATED, "no hello in time"));
                socket.close(CloseReason.POLICY);
                yield 0;
            }
            case GREETING -> 1;
            case OPEN -> Math.min(token(), pulse(System.nanoTime()));
        };
    }

    /** Welcome is written: a token that ends soon is told of at once, for the first look may come too late. */
    void welcomed() {
        token();
    }

    private int token() {
        Long expires = session.identity().expires();
        if (expires == null) {
            return Integer.MAX_VALUE;
        }
        long left = expires - System.currentTimeMillis();
        if (left <= -GRACE_SECONDS * 1000L) {
            session.refuse(null, new ProtocolException(ErrorCode.TOKEN_EXPIRED, "the token has ended"));
            socket.close(CloseReason.TOKEN);
        } else if (left <= EXPIRING_MILLIS && !warned) {
            warned = true;
            session.write(new ServerFrame.Expiring(Math.max(left, 0)));
        } else if (left > EXPIRING_MILLIS) {
            warned = false;
            return seconds(TimeUnit.MILLISECONDS.toNanos(left - EXPIRING_MILLIS));
        }
        return seconds(TimeUnit.MILLISECONDS.toNanos(left + GRACE_SECONDS * 1000L));
    }

    private int pulse(long now) {
        if (pingedAt != 0 && socket.heardAt() - pingedAt > 0) {
            pingedAt = 0;
        }
        if (pingedAt != 0) {
            return awaitSign(now);
        }
        long silence = Math.max(now - socket.heardAt(), now - socket.sentAt());
        if (silence < interval) {
            return seconds(interval - silence);
        }
        pingedAt = now;
        drained = socket.drainedBytes();
        waitingUpTo = socket.queuedBytes();
        session.write(new ServerFrame.Ping());
        return seconds(timeout);
    }

    /**
     * A slow reader answers late: that bytes which waited already are being taken is a sign of life as well, and with what waits then it may give the next one.
     * Who has stopped reading takes nothing once the kernel's buffers are full; until then nothing waits, and only an answer counts.
     */
    private int awaitSign(long now) {
        if (now - pingedAt < timeout) {
            return seconds(timeout - (now - pingedAt));
        }
        long drainedNow = socket.drainedBytes();
        if (drained < waitingUpTo && drainedNow > drained) {
            drained = drainedNow;
            waitingUpTo = socket.queuedBytes();
            pingedAt = now;
            return seconds(timeout);
        }
        socket.close(CloseReason.NO_SIGN_OF_LIFE);
        return 0;
    }

    private static int seconds(long nanos) {
        return (int) Math.max(1, Math.min(TimeUnit.DAYS.toSeconds(1), (nanos + 999_999_999L) / 1_000_000_000L));
    }
}
