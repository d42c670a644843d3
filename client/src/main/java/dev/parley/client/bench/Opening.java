package dev.parley.client.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Brings members' connections about, only so many of them under way at once. Its owner passes on what happens to the members; each reactor
 * has a part of its own.
 */
final class Opening {
    /** How often members come back on average, until it is given up. */
    private static final int RETURNS_MAX = 20;

    private final Crew crew;
    private final List<Part> parts = new ArrayList<>();
    private final BiConsumer<Member, Long> connect;
    private final AtomicInteger ready = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger turnedAway = new AtomicInteger();
    private final Queue<Return> returns = new ConcurrentLinkedQueue<>();
    private final int all;

    /** One who comes back, and when, by {@link System#nanoTime}. */
    private record Return(Member member, long at) {}

    /** What one reactor has to do. */
    private static final class Part {
        private final List<Member> members = new ArrayList<>();
        private int next;
        private int underWay;
        private final int atOnce;

        Part(int atOnce) {
            this.atOnce = atOnce;
        }
    }

    /**
     * An opening that has not begun.
     *
     * @param atOnce connections under way at once, over all reactors
     * @param connect what to call for each, with the time at which it is begun
     */
    Opening(Crew crew, List<Member> members, int atOnce, BiConsumer<Member, Long> connect) {
        this.crew = crew;
        this.connect = connect;
        this.all = members.size();
        for (int i = 0; i < crew.threads(); i++) {
            parts.add(new Part(Math.max(1, atOnce / crew.threads())));
        }
        for (Member member : members) {
            part(member).members.add(member);
        }
    }

    void start() {
        crew.reactors().forEach(reactor -> reactor.execute(() -> next(parts.get(reactor.number()))));
    }

    private Part part(Member member) {
        return parts.get(member.reactor().number());
    }

    private void next(Part part) {
        while (part.underWay < part.atOnce && part.next < part.members.size()) {
            part.underWay++;
            connect.accept(part.members.get(part.next++), System.nanoTime());
        }
    }

    /** On the member's thread. */
    void ready(Member member) {
        ready.incrementAndGet();
        settled(member);
    }

    /** On the member's thread. */
    void failed(Member member) {
        failed.incrementAndGet();
        settled(member);
    }

    /** On the member's thread. It keeps its place among those that are under way while it waits. */
    void turnedAway(Member member, long millis) {
        turnedAway.incrementAndGet();
        returns.add(new Return(member, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis)));
    }

    /** Has those come back whose time it is; their connections count from when the first one was begun. By the run's thread, often. */
    void bringBack() {
        long now = System.nanoTime();
        returns.removeIf(one -> {
            boolean due = now >= one.at();
            if (due) {
                one.member()
                        .reactor()
                        .execute(() -> connect.accept(one.member(), one.member().connectedFrom()));
            }
            return due;
        });
    }

    /** A number that changes as long as something happens; not for ever, if all that happens is that members are turned away. */
    long progress() {
        return ready.get() + failed.get() + Math.min(turnedAway.get(), (long) RETURNS_MAX * all);
    }

    private void settled(Member member) {
        Part part = part(member);
        part.underWay--;
        // Not at once: a connection that fails while it is begun would call itself.
        member.reactor().execute(() -> next(part));
    }

    int ready() {
        return ready.get();
    }

    int failed() {
        return failed.get();
    }

    boolean done() {
        return ready.get() + failed.get() >= all;
    }
}
