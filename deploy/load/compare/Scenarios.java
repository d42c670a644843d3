package dev.parley.load;

import dev.parley.client.bench.Connecting;
import dev.parley.client.bench.Dialect;
import dev.parley.client.bench.Idle;
import dev.parley.client.bench.Load;
import dev.parley.client.bench.Member;
import dev.parley.client.bench.Messages;
import dev.parley.client.bench.ParleyDialect;
import dev.parley.client.bench.Plan;
import dev.parley.client.bench.Resuming;
import dev.parley.load.Scenario.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** All scenarios: one for each goal of docs/performance, P1 to P12. The run's thread. */
final class Scenarios {
    private static final String GORILLA = "gorilla hub";
    private static final String MEMORY = "Parley, memory";
    private static final String REDIS = "Parley, Redis";
    private static final int SIZE = 100;

    /** Bytes of a message of ours with a payload of {@link #SIZE}: who sent it, where, when, which, and its place. Others send the payload alone. */
    private static final int FRAME = 400;

    private static final String COALESCING = "gorilla hub, coalescing";
    private static final String LARGE = ", " + FRAME + " bytes";
    private static final int AT_ONCE = 200;
    /** To groups of six these are 24,000 deliveries a second, about a third of what one core gave in small groups. */
    private static final int BEARABLE_SENDS = 4_000;

    private static final Column DELIVERIES = Column.of("deliveriesPerSecond", "deliveries/s", 1, 0);
    private static final Column SENDS = Column.of("sendsPerSecond", "sends/s", 1, 0);
    private static final Column P50 = Column.of("deliveryP50Micros", "p50 ms", 1e-3, 2);
    private static final Column P99 = Column.of("deliveryP99Micros", "p99 ms", 1e-3, 2);
    private static final Column P999 = Column.of("deliveryP999Micros", "p99.9 ms", 1e-3, 2);
    private static final Column ACK99 = Column.of("ackP99Micros", "ack p99 ms", 1e-3, 2);
    private static final Column CPU = Column.of("serverCpuPerMillion", "server CPU-s per million", 1, 2);

    private final Setting setting;
    private final Peers peers;
    private final AtomicInteger groups = new AtomicInteger();

    Scenarios(Setting setting, Peers peers) {
        this.setting = setting;
        this.peers = peers;
    }

    List<Scenario> all() {
        return List.of(
                fanOut("fanout16", "P1: at least 15 × gorilla, 2.5 × coalescing gorilla, 0.8 × uWebSockets, 3 × Centrifugo", 16, 0),
                fanOut("fanout1", "P2: at least 1.4 × gorilla", 1, 0),
                fanOut("rate50k", "P3: p99 at most 1.2 × uWebSockets'", 1, 50),
                idle(),
                appends(),
                echo(),
                connect(),
                hop(),
                spread(),
                manyGroups(),
                start(),
                resume());
    }

    private Function<List<Member>, Dialect> groups() {
        // Names of their own for each run: nothing is left over from the one before.
        String name = "compare-" + groups.incrementAndGet();
        return members -> ParleyDialect.groups(name, List.of());
    }

    private Competitor messages(String name, java.util.function.Supplier<Stand> stand, Plan plan, Load.Pace pace, Function<List<Member>, Dialect> dialect) {
        return new Competitor(name, stand, (up, warmUp, seconds) -> up.with(warmUp, seconds, AT_ONCE, site -> {
            double before = up.behindCpu();
            var report = Messages.run(site, plan, pace, dialect == null ? groups() : dialect);
            double behind = up.behindCpu() - before;
            Figures figures = new Figures()
                    .take(
                            report,
                            "deliveriesPerSecond",
                            "sendsPerSecond",
                            "deliveryP50Micros",
                            "deliveryP99Micros",
                            "deliveryP999Micros",
                            "ackP99Micros",
                            "serverCpuPerMillion",
                            "residentPerConnection");
            if (behind > 0) {
                figures.put("sendsPerRedisSecond", report.number("sentInAll") / behind);
            }
            return figures;
        }));
    }

    private Scenario fanOut(String id, String goal, int inFlight, double rate) {
        int followers = setting.scaled(1000);
        Plan plan = Plan.fanOut(followers, 1);
        Load.Pace pace = new Load.Pace(inFlight, rate, SIZE);
        List<Competitor> competitors = new ArrayList<>();
        for (Peers.Peer peer : peers.hubs()) {
            competitors.add(messages(peer.name(), peer.hub(), plan, pace, members -> peer.dialect()));
            if (peer.name().startsWith(GORILLA) && rate == 0) {
                Load.Pace large = new Load.Pace(inFlight, rate, FRAME);
                competitors.add(messages(peer.name() + LARGE, peer.hub(), plan, large, members -> peer.dialect()));
            }
        }
        competitors.add(messages(MEMORY, peers::parley, plan, pace, null));
        competitors.add(messages(REDIS, peers::parleyOnRedis, plan, pace, null));
        String how = rate > 0
                ? (int) rate + " messages a second to " + followers + " followers; latency from the intended time"
                : "one sender, " + inFlight + " messages in flight, " + followers + " followers";
        List<Column> columns = rate > 0
                ? List.of(DELIVERIES, P50, P99.andRatio(), P999, CPU.andRatio())
                : List.of(DELIVERIES.andRatio(), P50, P99, CPU.andRatio());
        String size = ", payload " + SIZE + " bytes";
        if (rate > 0) {
            return new Scenario(id, goal, how + size, false, columns, competitors, List.of(GORILLA));
        }
        String equal = "; the rows of " + FRAME + " bytes compare at equal bytes, for ours send that much with such a payload";
        List<String> beside = List.of(GORILLA, GORILLA + LARGE, COALESCING, COALESCING + LARGE);
        return new Scenario(id, goal, how + size + equal, false, columns, competitors, beside);
    }

    private Scenario idle() {
        int connections = setting.scaled(10_000);
        Plan plan = Plan.fanOut(connections, 1);
        List<Competitor> competitors = new ArrayList<>();
        for (Peers.Peer peer : peers.hubs()) {
            competitors.add(new Competitor(peer.name(), peer.hub(), (up, warmUp, seconds) -> idle(up, plan, peer.dialect())));
        }
        Plan nobody = Plan.groups(1, 0, 1, 1);
        competitors.add(new Competitor(MEMORY, peers::parley, (up, warmUp, seconds) -> {
            Figures figures = idle(up, plan, groups().apply(List.of()));
            double grown = liveHeap(up, plan) - liveHeap(up, nobody);
            return figures.put("liveHeapPerConnection", grown / 1024 / connections);
        }));
        return new Scenario(
                "idle",
                "P4: at most 10 kB of resident memory a connection, then 8 (9.8 and 7.8 KiB)",
                connections + " connections, signed in and following one group, inbox and `all` where there are such;"
                        + " growth of the resident memory of a warmed-up server over their number",
                true,
                List.of(
                        Column.of("residentPerConnection", "KiB a connection", 1, 1).andRatio(),
                        Column.of("liveHeapPerConnection", "of it live heap (Java)", 1, 1)),
                competitors,
                List.of(GORILLA));
    }

    /** Warmed up by as many connections that come and go, a tenth of them, so that code and pools are not counted. */
    private Figures idle(Stand stand, Plan plan, Dialect dialect) {
        Plan few = Plan.fanOut(Math.max(1, plan.members() / 10), 1);
        stand.with(0, 0.1, AT_ONCE, site -> Idle.run(site, few, dialect));
        return stand.with(1, 2, AT_ONCE, site -> new Figures().take(Idle.run(site, plan, dialect), "residentPerConnection"));
    }

    /** The live heap while these connections are held. */
    private long liveHeap(Stand stand, Plan plan) {
        AtomicLong live = new AtomicLong();
        stand.with(0, 1, AT_ONCE, site -> Idle.run(
                site, plan, groups().apply(List.of()), () -> live.set(Heap.live(stand.servers().get(0)))));
        return live.get();
    }

    private Scenario appends() {
        int senders = setting.scaled(100);
        Plan plan = Plan.groups(senders, senders, 1, 1);
        Load.Pace pace = new Load.Pace(16, 0, SIZE);
        List<Competitor> competitors = new ArrayList<>();
        competitors.add(messages(REDIS, peers::parleyOnRedis, plan, pace, null));
        competitors.add(messages(REDIS + ", messageId", peers::parleyOnRedis, plan, pace, members -> ParleyDialect.groups(
                        "compare-" + groups.incrementAndGet(), List.of())
                .withMessageIds()));
        for (Peers.Peer peer : peers.logsOnRedis()) {
            competitors.add(messages(peer.name(), peer.hub(), plan, pace, members -> peer.dialect()));
        }
        return new Scenario(
                "appends",
                "P5: at least 250,000/s per Redis core without `messageId`, 140,000 with; 2 × Centrifugo's with history",
                senders + " senders, each to a group of its own, 16 in flight each; Redis shares the server's core, so the"
                        + " second column divides by Redis' own processor time",
                false,
                List.of(SENDS, Column.of("sendsPerRedisSecond", "sends per Redis CPU-second", 1, 0), ACK99),
                competitors,
                List.of());
    }

    private Scenario echo() {
        int connections = setting.scaled(100);
        Plan plan = Plan.groups(connections, connections, 1, 1);
        Load.Pace pace = new Load.Pace(1, 0, SIZE);
        List<Competitor> competitors = new ArrayList<>();
        for (Peers.Peer peer : peers.echoes()) {
            competitors.add(messages(peer.name(), peer.echo(), plan, pace, members -> peer.echoDialect()));
        }
        competitors.add(messages(MEMORY, peers::parley, plan, pace, null));
        return new Scenario(
                "echo",
                "P6: at least 1.0 × gorilla's bare echo",
                connections + " connections, one message in flight each: Parley's go to a group of one, are logged and acknowledged,"
                        + " and come back; the others' only come back",
                false,
                List.of(SENDS.andRatio(), P50, P99, CPU.andRatio()),
                competitors,
                List.of(GORILLA));
    }

    private Scenario connect() {
        int connections = setting.scaled(1000);
        Plan plan = Plan.groups(connections, 0, 1, 1);
        List<Competitor> competitors = new ArrayList<>();
        for (Peers.Peer peer : peers.hubs()) {
            competitors.add(new Competitor(peer.name(), peer.hub(), (up, warmUp, seconds) -> connect(up, warmUp, seconds, plan, peer.dialect())));
        }
        competitors.add(new Competitor(MEMORY, peers::parley, (up, warmUp, seconds) -> connect(up, warmUp, seconds, plan, groups().apply(List.of()))));
        return new Scenario(
                "connect",
                "P7: at least 5,000 a CPU second, warm",
                "storms of " + connections + " connections, 200 under way at once, that sign in and leave",
                false,
                List.of(
                        Column.of("connectsPerCpuSecond", "connections per server CPU-second", 1, 0).andRatio(),
                        Column.of("connectsPerSecond", "signed in /s", 1, 0),
                        Column.of("connectP99Micros", "connect p99 ms", 1e-3, 1)),
                competitors,
                List.of(GORILLA));
    }

    private static Figures connect(Stand stand, double warmUp, double seconds, Plan plan, Dialect dialect) {
        return stand.with(warmUp, seconds, AT_ONCE, site -> new Figures()
                .take(Connecting.run(site, plan, dialect), "connectsPerCpuSecond", "connectsPerSecond", "connectP99Micros"));
    }

    private Scenario hop() {
        int connections = setting.scaled(200);
        Plan plan = Plan.pairs(connections);
        Load.Pace pace = new Load.Pace(1, 5000, SIZE);
        Function<List<Member>, Dialect> inboxes = members ->
                ParleyDialect.inboxes(List.of(), pair -> members.get(2 * pair + 1).user());
        return new Scenario(
                "hop",
                "P8: at most 0.3 ms added to the p99 by the hop over Redis",
                "5,000 messages a second between " + connections / 2 + " pairs of users; two instances: sender on one, receiver on the other",
                false,
                List.of(P50, P99, P999, ACK99),
                List.of(
                        messages(MEMORY, peers::parley, plan, pace, inboxes),
                        messages(REDIS + ", one instance", peers::parleyOnRedis, plan, pace, inboxes),
                        messages(REDIS + ", two instances", peers::twoParleys, plan, pace, inboxes)),
                List.of());
    }

    private Scenario spread() {
        int many = setting.scaled(18_000);
        int few = setting.scaled(1000);
        double deliveries = 50_000;
        String first = "one group of " + few;
        Plan hub = Plan.fanOut(few, 1);
        Plan large = Plan.fanOut(many, 1);
        Load.Pace hubPace = new Load.Pace(1, deliveries / few, SIZE);
        Load.Pace largePace = new Load.Pace(1, deliveries / many, SIZE);
        List<Competitor> competitors = new ArrayList<>(List.of(
                messages(first, peers::parley, hub, hubPace, null),
                messages("one group of " + many, peers::parley, large, largePace, null),
                messages(
                        many / 18 + " groups of 18",
                        peers::parley,
                        Plan.groups(many, many / 18, 18, 18),
                        new Load.Pace(1, deliveries / 18, SIZE),
                        null)));
        List<String> beside = new ArrayList<>(List.of(first));
        for (Peers.Peer peer : peers.hubs()) {
            if (peer.name().equals(GORILLA)) {
                // What the same numbers of connections cost a server that does little else than the kernel's calls.
                beside.add(GORILLA + ", " + few);
                competitors.add(messages(GORILLA + ", " + few, peer.hub(), hub, hubPace, members -> peer.dialect()));
                competitors.add(messages(GORILLA + ", " + many, peer.hub(), large, largePace, members -> peer.dialect()));
            }
        }
        return new Scenario(
                "spread",
                "P9: at most 1.3 × the CPU per delivery with one group of 1,000",
                "about 50,000 deliveries a second in each case",
                false,
                List.of(CPU.andRatio(), DELIVERIES, P99),
                competitors,
                beside);
    }

    private Scenario manyGroups() {
        int connections = setting.scaled(10_000);
        int most = setting.scaled(100_000);
        List<Competitor> competitors = new ArrayList<>();
        for (int rate : List.of(BEARABLE_SENDS, 20_000)) {
            for (int number : List.of(most / 10, most)) {
                String name = String.format("%,d groups, %,d sends/s", number, rate / setting.divisor());
                competitors.add(new Competitor(name, peers::parley, (up, warmUp, seconds) -> {
                    Plan plan = Plan.groups(connections, number, 2, 10);
                    Load.Pace pace = new Load.Pace(1, (double) rate / setting.divisor(), SIZE);
                    Figures figures = new Figures();
                    if (rate == BEARABLE_SENDS) {
                        long without = liveHeap(up, Plan.groups(connections, 0, 1, 1));
                        figures.put("bytesPerGroup", (double) (liveHeap(up, plan) - without) / number);
                    }
                    return up.with(warmUp, seconds, AT_ONCE, site -> figures.take(
                            Messages.run(site, plan, pace, groups()),
                            "sendsPerSecond",
                            "deliveryP50Micros",
                            "deliveryP99Micros",
                            "deliveryP999Micros",
                            "serverCpuPerMillion"));
                }));
            }
        }
        return new Scenario(
                "groups",
                "P10: no step in latency with the number of groups; at most 1 kB a group",
                connections + " connections, groups of 2 to 10 (6 deliveries a send); 20,000 sends a second are the goal's load and more"
                        + " than one core bears, the lower rate shows whether the number of groups makes a difference; a group's memory is"
                        + " the growth of the live heap when the same number of connections joins them, without entries",
                true,
                List.of(SENDS, P50, P99, P999, CPU, Column.of("bytesPerGroup", "bytes a group", 1, 0)),
                competitors,
                List.of());
    }

    private Scenario start() {
        return new Scenario(
                "start",
                "P11: the jar with an AOT cache at most 0.6 s and 140 MB; a native executable at most 50 ms and 60 MB",
                "from the start of the process to the first answer of /q/health/live, and its memory five seconds later, without a load",
                true,
                List.of(Column.of("startSeconds", "first answer s", 1, 2), Column.of("residentMb", "memory MB", 1e-6, 0)),
                List.of(new Competitor(MEMORY, () -> new Stand(List.of(), List.of(), null), (none, warmUp, seconds) -> {
                    long begin = System.nanoTime();
                    try (Server server = peers.startParley().awaitAnswer("/q/health/live")) {
                        double took = (System.nanoTime() - begin) / 1e9;
                        Server.sleep(5000);
                        long resident = Stand.of(server, "").cost().residentBytes().orElse(0);
                        return new Figures().put("startSeconds", took).put("residentMb", resident);
                    }
                })),
                List.of());
    }

    private Scenario resume() {
        int connections = setting.scaled(10_000);
        int members = 10;
        Plan plan = Plan.groups(connections, connections * 3 / members, members, members);
        Competitor.Run run = (up, warmUp, seconds) -> up.with(warmUp, seconds, 1000, site -> {
            var names = new Resuming.Names("compare-" + groups.incrementAndGet(), List.of());
            return new Figures().take(
                    Resuming.run(site, plan, new Resuming.Script(20, setting.scaled(100), 50, SIZE), names),
                    "wholeSeconds", "resumedSeconds", "wholeP99Micros", "calmP99Micros", "stormyP99Micros");
        });
        return new Scenario(
                "resume",
                "P12: at most 5 s on one core; the p99 of others at most 3 ×",
                connections + " connections with 3 groups each break, miss 20 entries in each group, and come back at once;"
                        + " others talk on at 50 messages a second",
                false,
                List.of(
                        Column.of("resumedSeconds", "all signed in s", 1, 2),
                        Column.of("wholeSeconds", "all have everything s", 1, 2),
                        Column.of("calmP99Micros", "others' p99 before ms", 1e-3, 2),
                        Column.of("stormyP99Micros", "meanwhile ms", 1e-3, 2)),
                List.of(
                        new Competitor(MEMORY, peers::parley, run),
                        new Competitor(MEMORY + ", default rate of hellos", peers::cautiousParley, run),
                        new Competitor(REDIS, peers::parleyOnRedis, run)),
                List.of());
    }

    /** By id, in order. */
    static Map<String, Scenario> byId(List<Scenario> all) {
        Map<String, Scenario> map = new java.util.LinkedHashMap<>();
        all.forEach(scenario -> map.put(scenario.id(), scenario));
        return map;
    }
}
