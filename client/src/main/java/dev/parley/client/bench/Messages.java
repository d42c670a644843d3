package dev.parley.client.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/** The scenarios in which messages are sent: fan-out, pairs, many groups. The run's thread. */
public final class Messages {
    private Messages() {}

    /**
     * Connects, warms up, measures, waits for what is under way, and leaves.
     *
     * @param dialect makes what the server speaks; gets the members, who are made later
     * @throws BenchException if there is no result
     */
    public static Report run(Site site, Plan plan, Load.Pace pace, Function<List<Member>, Dialect> dialect) {
        Faults faults = new Faults();
        OptionalLong before = site.server().residentBytes();
        List<Member> members = new ArrayList<>();
        Roster roster = new Roster();
        Dialect speaks = dialect.apply(members);
        for (int[] follows : plan.follows()) {
            members.add(site.member(members.size(), speaks, follows, roster));
        }
        Load load = new Load(site.crew(), plan.channels(members), pace, faults);
        roster.passOnTo(load);
        Report report = new Report();
        try {
            site.open(members, roster, faults);
            report.add("connections", "connections", plan.members());
            report.add("channels", "channels", plan.senders().size());
            site.reportMemory(report, before, plan.members());
            load.start();
            site.pass(load, site.warmUp());
            Meter meter = new Meter(site.crew(), site.server());
            load.measure(site.seconds());
            site.pass(load, site.seconds());
            Meter.Cost cost = meter.stop();
            load.end();
            load.report(report);
            cost.report(report, load.delivered());
        } finally {
            load.stop();
            site.close(members);
        }
        return report;
    }
}
