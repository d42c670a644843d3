package dev.parley.client.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The scenario of disturbances: talkers send at a fixed rate and are measured, while a crowd does one thing after the other that a hub has to put up with. The
 * run's thread.
 */
public final class Disturbing {
    /** For the last messages of a measured time to arrive before it is told. */
    private static final double SETTLE_SECONDS = 0.5;

    private final Site site;
    private final Faults faults = new Faults();
    private final List<Member> all = new ArrayList<>();
    private final Report report = new Report();
    private final Load talk;

    /**
     * How it goes.
     *
     * @param rate messages a second over all groups of the talkers
     * @param slow members who follow all groups of the talkers and stop reading
     * @param size bytes of a payload
     */
    public record Script(double rate, int slow, int size) {}

    /** What is disturbed by, for so many seconds at least. */
    private interface Disturbance {
        void last(double seconds);
    }

    private Disturbing(Site site, Plan talkers, Script script, Resuming.Names names) {
        this.site = site;
        ParleyDialect dialect = ParleyDialect.groups(names.groups() + "-talk", names.tokens());
        Roster roster = new Roster();
        List<Member> talking = members(talkers.follows(), dialect, roster);
        talk = new Load(site.crew(), talkers.channels(talking), new Load.Pace(1, script.rate(), script.size()), faults);
        roster.passOnTo(talk);
        site.open(talking, roster, faults);
    }

    /**
     * Measures without a disturbance, and with each.
     *
     * @param talkers who sends and is measured
     * @param crowd who comes and goes meanwhile, to groups of their own
     * @param names what groups' names begin with, and who the members are
     * @throws BenchException if there is no result
     */
    public static Report run(Site site, Plan talkers, Plan crowd, Script script, Resuming.Names names) {
        Disturbing run = new Disturbing(site, talkers, script, names);
        try {
            run.all(talkers, crowd, script, names);
        } finally {
            run.talk.stop();
            site.close(run.all);
        }
        return run.report;
    }

    private void all(Plan talkers, Plan crowd, Script script, Resuming.Names names) {
        report.add("talkers", "connections that talk", talkers.members());
        report.add("crowd", "connections that disturb", crowd.members());
        talk.start();
        site.pass(talk, site.warmUp());
        Meter meter = new Meter(site.crew(), site.server());
        measure("calm", "nothing else", site::rest);
        Roster roster = new Roster();
        roster.passOnTo(new Watch(faults));
        List<Member> others = members(crowd.follows(), ParleyDialect.groups(names.groups(), names.tokens()), roster);
        measure("joins", "connections that join and leave", seconds -> {
            long end = System.nanoTime() + Site.nanos(seconds);
            do {
                site.open(others, roster, faults);
                site.close(others);
            } while (System.nanoTime() < end);
        });
        site.open(others, roster, faults);
        measure("resumes", "connections that break and resume", seconds -> {
            long end = System.nanoTime() + Site.nanos(seconds);
            do {
                others.forEach(member -> member.reactor().execute(member::abort));
                site.crew().settle();
                site.open(others, roster, faults, site.atOnce(), Member::resume);
            } while (System.nanoTime() < end);
        });
        measure("slow", "readers that stall and catch up", slow(talkers, script, names));
        if (site.server().collect()) {
            measure("collections", "full collections, one a second", seconds -> {
                for (int i = 0; i < seconds; i++) {
                    site.rest(1);
                    site.server().collect();
                }
            });
        }
        Meter.Cost cost = meter.stop();
        talk.end();
        cost.report(report, 0);
        faults.report(report);
    }

    /** Connections to all the talkers' groups that read nothing for half of the time. */
    private Disturbance slow(Plan talkers, Script script, Resuming.Names names) {
        int[] groups = IntStream.range(0, talkers.senders().size()).toArray();
        Roster roster = new Roster();
        roster.passOnTo(new Watch(faults));
        List<Member> readers = members(
                IntStream.range(0, script.slow()).mapToObj(i -> groups).toList(),
                ParleyDialect.groups(names.groups() + "-talk", names.tokens()),
                roster);
        site.open(readers, roster, faults);
        return seconds -> {
            for (boolean deaf : new boolean[] {true, false}) {
                readers.forEach(reader -> reader.reactor().execute(() -> reader.deafen(deaf)));
                site.rest(seconds / 2);
            }
        };
    }

    private void measure(String key, String label, Disturbance disturbance) {
        talk.measureAnew();
        disturbance.last(site.seconds());
        talk.stopMeasuring();
        site.rest(SETTLE_SECONDS);
        report.add(key, label, talk.latencies());
    }

    private List<Member> members(List<int[]> follows, Dialect dialect, Roster roster) {
        List<Member> members = new ArrayList<>();
        for (int[] its : follows) {
            members.add(site.member(members.size(), dialect, its, roster));
        }
        all.addAll(members);
        return members;
    }
}
