package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerFrame;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps everything it hears, for tests to ask for in order. */
class Recorder implements ParleyListener {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<ConnectionState> states = new LinkedBlockingQueue<>();

    /** A channel that is followed no longer. */
    record Unfollowed(String channel, ErrorCode code) {}

    /** What was heard next, apart from states; it is to be of this kind. */
    <T> T next(Class<T> kind) throws InterruptedException {
        Object next = heard.poll(10, TimeUnit.SECONDS);
        assertThat(next).as("what the listener hears").isInstanceOf(kind);
        return kind.cast(next);
    }

    /** The seq of the next message. */
    long nextSeq() throws InterruptedException {
        return next(ServerFrame.Message.class).at().seq();
    }

    /** The next state of this kind; others before it are passed over. */
    <T extends ConnectionState> T state(Class<T> kind) throws InterruptedException {
        while (true) {
            ConnectionState state = states.poll(10, TimeUnit.SECONDS);
            assertThat(state).as("a state of kind " + kind.getSimpleName()).isNotNull();
            if (kind.isInstance(state)) {
                return kind.cast(state);
            }
        }
    }

    @Override
    public void onMessage(ServerFrame.Message message) {
        heard.add(message);
    }

    @Override
    public void onGap(ServerFrame.Gap gap) {
        heard.add(gap);
    }

    @Override
    public void onPresence(ServerFrame.Presence presence) {
        heard.add(presence);
    }

    @Override
    public void onTyping(ServerFrame.Typing typing) {
        heard.add(typing);
    }

    @Override
    public void onReceipt(ServerFrame.Receipt receipt) {
        heard.add(receipt);
    }

    @Override
    public void onMembership(ServerFrame.Membership membership) {
        heard.add(membership);
    }

    @Override
    public void onState(ConnectionState state) {
        states.add(state);
    }

    @Override
    public void onUnfollowed(String channel, ErrorCode code) {
        heard.add(new Unfollowed(channel, code));
    }

    @Override
    public void onError(ServerFrame.Error error) {
        heard.add(error);
    }

    @Override
    public void onViolation(Violation violation) {
        heard.add(violation);
    }
}
