package dev.parley.client.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The scenario in which members only are there: what a connection costs that says nothing. The run's thread. */
public final class Idle {
    private Idle() {}

    /**
     * Connects, holds the connections and leaves.
     *
     * @throws BenchException if there is no result
     */
    public static Report run(Site site, Plan plan, Dialect dialect) {
        return run(site, plan, dialect, () -> {});
    }

    /** The same, with something to be done on the run's thread while the connections are held. */
    public static Report run(Site site, Plan plan, Dialect dialect, Runnable whileHeld) {
        Faults faults = new Faults();
        OptionalLong before = site.server().residentBytes();
        List<Member> members = new ArrayList<>();
        Roster roster = new Roster();
        roster.passOnTo(new Watch(faults));
        for (int[] follows : plan.follows()) {
            members.add(site.member(members.size(), dialect, follows, roster));
        }
        Report report = new Report();
        try {
            Meter opening = new Meter(site.crew(), site.server());
            site.open(members, roster, faults);
            Meter.Cost opened = opening.stop();
            report.add("connections", "connections", members.size());
            report.add("openSeconds", "until all were signed in", opened.seconds(), 2, "s");
            site.rest(site.warmUp());
            Meter meter = new Meter(site.crew(), site.server());
            site.rest(site.seconds());
            Meter.Cost cost = meter.stop();
            report.add("seconds", "held", cost.seconds(), 1, "s");
            site.reportMemory(report, before, members.size());
            whileHeld.run();
            cost.report(report, 0);
            faults.report(report);
        } finally {
            site.close(members);
        }
        return report;
    }
}
