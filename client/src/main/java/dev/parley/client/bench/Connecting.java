package dev.parley.client.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The scenario of a connect storm: all members connect, so many of them under way at once, and leave, again and again. The run's thread.
 */
public final class Connecting {
    private Connecting() {}

    /** When members were ready, by reactor. */
    private static final class Arrivals extends Watch {
        private final List<Latencies> parts = new ArrayList<>();
        private volatile boolean measured;

        Arrivals(Crew crew, Faults faults) {
            super(faults);
            crew.reactors().forEach(reactor -> parts.add(new Latencies()));
        }

        @Override
        public void ready(Member member) {
            if (measured) {
                parts.get(member.reactor().number()).record(member.reactor().now() - member.connectedFrom());
            }
        }
    }

    /**
     * Storms until the time is over, at least once.
     *
     * @throws BenchException if there is no result
     */
    public static Report run(Site site, Plan plan, Dialect dialect) {
        Faults faults = new Faults();
        List<Member> members = new ArrayList<>();
        Roster roster = new Roster();
        Arrivals arrivals = new Arrivals(site.crew(), faults);
        roster.passOnTo(arrivals);
        for (int[] follows : plan.follows()) {
            members.add(site.member(members.size(), dialect, follows, roster));
        }
        long warm = System.nanoTime() + Site.nanos(site.warmUp());
        while (System.nanoTime() < warm) {
            storm(site, members, roster, faults);
        }
        arrivals.measured = true;
        Meter meter = new Meter(site.crew(), site.server());
        double opening = 0;
        int rounds = 0;
        long end = System.nanoTime() + Site.nanos(site.seconds());
        do {
            opening += storm(site, members, roster, faults);
            rounds++;
        } while (System.nanoTime() < end);
        Meter.Cost cost = meter.stop();
        long connected = (long) rounds * members.size();
        Latencies all = new Latencies();
        arrivals.parts.forEach(all::add);
        Report report = new Report();
        report.add("connections", "connections at once", members.size());
        report.add("rounds", "storms", rounds);
        report.add("connectsPerSecond", "signed in while storming", connected / opening, 0, "/s");
        report.add("connect", "from connect to welcome", all);
        cost.server()
                .ifPresent(used -> report.add(
                        "connectsPerCpuSecond",
                        "connections, their end included",
                        connected / used,
                        0,
                        "per CPU-second"));
        cost.report(report, 0);
        faults.report(report);
        return report;
    }

    /** One storm; how many seconds it took until all were signed in. */
    private static double storm(Site site, List<Member> members, Roster roster, Faults faults) {
        try {
            long start = System.nanoTime();
            site.open(members, roster, faults);
            return (System.nanoTime() - start) / 1e9;
        } finally {
            site.close(members);
        }
    }
}
