package dev.parley.client.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * The scenario of a resume storm: members lose their connections, miss messages, and all come back at once with what they know, while bystanders talk on. Only for
 * servers that keep messages. The run's thread.
 */
public final class Resuming {
    /** Groups that one connection fills: fewer than servers allow to be under way from one. */
    private static final int FILLED_BY_ONE = 16;

    /** For the last messages of a measured time to arrive before it is told. */
    private static final double SETTLE_SECONDS = 0.5;

    private Resuming() {}

    /**
     * How it goes.
     *
     * @param missed messages that each channel gets while the members are away
     * @param bystanders members of a group of their own
     * @param bystanderRate messages a second to it
     * @param size bytes of a payload
     */
    public record Script(int missed, int bystanders, double bystanderRate, int size) {}

    /**
     * Who and where.
     *
     * @param groups what groups' names begin with
     * @param tokens who the members are, in turn; guests where it is empty
     */
    public record Names(String groups, List<String> tokens) {}

    /** What members have missed and got, and when each one had all. */
    private static final class Returning extends Watch {
        private final List<Latencies> parts = new ArrayList<>();
        private final AtomicLong arrived = new AtomicLong();
        private final AtomicLong whole = new AtomicLong();
        private final int[] left;

        Returning(Crew crew, Faults faults, List<int[]> follows, int missed) {
            super(faults);
            crew.reactors().forEach(reactor -> parts.add(new Latencies()));
            left = follows.stream()
                    .mapToInt(channels -> channels.length * missed)
                    .toArray();
        }

        @Override
        public void delivered(Member member, int channel, long due) {
            arrived.incrementAndGet();
            if (--left[member.number()] == 0) {
                parts.get(member.reactor().number()).record(member.reactor().now() - member.connectedFrom());
                whole.incrementAndGet();
            }
        }

        private Latencies latencies() {
            Latencies all = new Latencies();
            parts.forEach(all::add);
            return all;
        }
    }

    /**
     * Has it all happen once.
     *
     * @param plan the members who go and come back
     * @param names what groups' names begin with, and who the members are
     * @throws BenchException if there is no result
     */
    public static Report run(Site site, Plan plan, Script script, Names names) {
        Faults faults = new Faults();
        List<Member> all = new ArrayList<>();
        Returning returning = new Returning(site.crew(), faults, plan.follows(), script.missed());
        ParleyDialect groups = ParleyDialect.groups(names.groups(), names.tokens());
        Roster roster = new Roster();
        roster.passOnTo(returning);
        List<Member> members = members(site, all, plan, groups, roster);
        Load talk = talk(site, all, script, names, faults);
        Report report = new Report();
        try {
            site.open(members, roster, faults);
            talk.start();
            site.pass(talk, site.warmUp());
            talk.measureAnew();
            site.pass(talk, site.seconds());
            talk.stopMeasuring();
            site.rest(SETTLE_SECONDS);
            Latencies calm = talk.latencies();
            members.forEach(member -> member.reactor().execute(member::abort));
            fill(site, plan, groups, script, faults);

            talk.measureAnew();
            Meter meter = new Meter(site.crew(), site.server());
            long start = System.nanoTime();
            site.open(members, roster, faults, site.atOnce(), (member, due) -> member.resume(start));
            double signedIn = (System.nanoTime() - start) / 1e9;
            boolean came = site.crew().await(() -> returning.whole.get() == members.size(), returning.arrived::get);
            double whole = (System.nanoTime() - start) / 1e9;
            talk.stopMeasuring();
            Meter.Cost cost = meter.stop();
            talk.end();
            report.add("connections", "connections", members.size());
            report.add("channels", "channels of each", plan.follows().get(0).length);
            report.add("missed", "missed entries of each channel", script.missed());
            report.add("resumedSeconds", "until all were signed in again", signedIn, 2, "s");
            report.add("wholeSeconds", "until all had what they missed", whole, 2, "s");
            report.add("deliveriesPerSecond", "missed entries delivered", returning.arrived.get() / whole, 0, "/s");
            report.add("whole", "from the storm's start to the last", returning.latencies());
            report.add("calm", "bystanders, before", calm);
            report.add("stormy", "bystanders, meanwhile", talk.latencies());
            cost.report(report, returning.arrived.get());
            report.add("incomplete", "members that lack something", members.size() - returning.whole.get());
            faults.report(report);
            if (!came) {
                report.fail((members.size() - returning.whole.get()) + " members did not get all that they missed.");
            }
        } finally {
            talk.stop();
            site.close(all);
        }
        return report;
    }

    private static List<Member> members(Site site, List<Member> all, Plan plan, Dialect dialect, Roster roster) {
        List<Member> members = new ArrayList<>();
        for (int[] follows : plan.follows()) {
            members.add(site.member(members.size(), dialect, follows, roster));
        }
        all.addAll(members);
        return members;
    }

    private static Load talk(Site site, List<Member> all, Script script, Names names, Faults faults) {
        Plan plan = Plan.fanOut(script.bystanders(), 1);
        Roster roster = new Roster();
        Dialect dialect = ParleyDialect.groups(names.groups() + "-bystanders", names.tokens());
        List<Member> members = members(site, all, plan, dialect, roster);
        Load talk = new Load(
                site.crew(), plan.channels(members), new Load.Pace(1, script.bystanderRate(), script.size()), faults);
        roster.passOnTo(talk);
        site.open(members, roster, faults);
        return talk;
    }

    /** Sends what the members miss: by connections of their own, because only who is in a group may send to it. */
    private static void fill(Site site, Plan plan, Dialect dialect, Script script, Faults faults) {
        int groups = plan.senders().size();
        List<Member> fillers = new ArrayList<>();
        List<Channel> channels = new ArrayList<>();
        Roster roster = new Roster();
        for (int first = 0; first < groups; first += FILLED_BY_ONE) {
            int[] follows = IntStream.range(first, Math.min(groups, first + FILLED_BY_ONE))
                    .toArray();
            Member filler = site.member(fillers.size(), dialect, follows, roster);
            fillers.add(filler);
            for (int group : follows) {
                channels.add(new Channel(group, List.of(filler), 1, script.missed()));
            }
        }
        Load load = new Load(site.crew(), channels, new Load.Pace(1, 0, script.size()), faults);
        roster.passOnTo(load);
        try {
            site.open(fillers, roster, faults);
            load.start();
            if (!site.crew().await(load::isDone, load::progress)) {
                throw new BenchException("the messages to be missed could not be sent" + load.troubles());
            }
        } finally {
            load.stop();
            site.close(fillers);
        }
    }
}
