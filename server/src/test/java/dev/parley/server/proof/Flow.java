package dev.parley.server.proof;

import java.util.List;

/** Messages to one group at a steady rate, in turn from several who follow it; runs on the thread of their {@link NioLoop}. */
final class Flow {
    /** So many unacknowledged of each sender, and it waits: what the hub cannot take it does not get. */
    static final int UNANSWERED_MAX = 1000;

    private static final String PADDING = " " + "x".repeat(80);

    private final List<FlowReader> senders;
    private final long[] sent;
    private int next;
    private double rate;
    private double due;
    private long last = System.nanoTime();

    Flow(List<FlowReader> senders) {
        this.senders = senders;
        this.sent = new long[senders.size()];
    }

    /** @param messages a second from now on */
    void rate(double messages) {
        rate = messages;
    }

    /** Sends what is due. */
    void turn() {
        long now = System.nanoTime();
        // No more than a tenth of a second's: a pause of the machine is not made up for by a flood.
        due = Math.min(rate / 10, due + rate * (now - last) / 1e9);
        last = now;
        while (due >= 1 && sendOne()) {
            due--;
        }
    }

    private boolean sendOne() {
        for (int tries = 0; tries < sent.length; tries++) {
            next = (next + 1) % sent.length;
            FlowReader sender = senders.get(next);
            if (sent[next] - sender.sent() < UNANSWERED_MAX) {
                sender.sendNow(PADDING);
                sent[next]++;
                return true;
            }
        }
        return false;
    }
}
