package dev.parley.client.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * What all scenarios need: threads, a server, and how long to measure. The run's thread.
 *
 * @param crew the threads
 * @param target where members connect
 * @param server whose cost is told
 * @param atOnce connections under way at once while members connect
 * @param warmUp seconds that are not measured
 * @param seconds seconds that are
 */
public record Site(Crew crew, Target target, ServerCost server, int atOnce, double warmUp, double seconds) {

    private static final double CLOSE_SECONDS = 5;

    /** Nanoseconds of so many seconds. */
    static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    /** Connects all of them, and fails if one does not come about. */
    void open(List<Member> members, Roster roster, Faults faults) {
        open(members, roster, faults, atOnce, Member::connect);
    }

    /** The same with so many under way at once, each connected by {@code connect}. */
    void open(List<Member> members, Roster roster, Faults faults, int under, BiConsumer<Member, Long> connect) {
        Opening opening = new Opening(crew, members, under, connect);
        roster.opening(opening);
        opening.start();
        boolean done = crew.await(
                () -> {
                    opening.bringBack();
                    return opening.done();
                },
                opening::progress);
        crew.settle();
        if (!done || opening.failed() > 0) {
            throw new BenchException("only " + opening.ready() + " of " + members.size() + " connections came about"
                    + (done ? "" : ", then nothing for " + crew.patience().toSeconds() + " s") + faults.troubles());
        }
    }

    Member member(int number, Dialect dialect, int[] follows, Listener listener) {
        return new Member(number, crew.of(number), target, dialect, follows, listener);
    }

    /** Lets a load run for some seconds; less if nothing comes any more of what is under way. */
    void pass(Load load, double forSeconds) {
        long end = System.nanoTime() + nanos(forSeconds);
        boolean passed = crew.await(
                () -> System.nanoTime() >= end, () -> load.underWay() == 0 ? System.nanoTime() : load.progress());
        if (!passed) {
            throw new BenchException("nothing arrived for " + crew.patience().toSeconds() + " s, and " + load.underWay()
                    + " deliveries were under way" + load.troubles());
        }
    }

    /** Lets some seconds go by. */
    void rest(double forSeconds) {
        crew.await(System.nanoTime() + nanos(forSeconds), () -> false);
    }

    /** What so many connections took, beyond what the server had before; nothing where that is not known. */
    void reportMemory(Report report, OptionalLong before, int connections) {
        OptionalLong now = server.residentBytes();
        if (before.isPresent() && now.isPresent() && connections > 0) {
            report.add(
                    "residentPerConnection",
                    "server's memory per connection",
                    (now.getAsLong() - before.getAsLong()) / 1024.0 / connections,
                    1,
                    "KiB resident");
        }
    }

    /** All leave; whoever the server does not let go in time is cut off. */
    void close(List<Member> members) {
        for (Member member : members) {
            member.reactor().execute(member::leave);
        }
        long end = System.nanoTime() + nanos(CLOSE_SECONDS);
        crew.await(end, () -> members.stream().allMatch(Member::isOff));
        for (Member member : members) {
            member.reactor().execute(member::abort);
        }
        crew.settle();
    }
}
