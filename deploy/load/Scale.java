import java.util.List;
import java.util.Locale;

/**
 * What a hub of a given size needs: instances, cores, memory, Redis shards and network, from unit costs measured on one machine. Prints the tables of docs/scale.md.
 *
 * <pre>
 * java deploy/load/Scale.java [connections deliveries-a-second followers-a-message]
 * java deploy/load/Scale.java at instances connections deliveries-a-second followers-a-message
 * </pre>
 *
 * <p>The second prints what so many instances would use: their cores, Redis' and their memory in MB, a line for {@code sizes.sh}, which holds it against what they do use.
 *
 * <p>Unit costs are of deploy/load/comparison.md and RESULTS.md, which have the commands; those marked there as single runs on a shared machine may be off by half. Change a
 * figure here and the tables follow; a test holds docs/scale.md against what this prints.
 */
public final class Scale {

    /** Processor time of an instance, in microseconds. */
    private static final double SOCKET_WRITE = 8.0; // spread: 1,000 sockets, one message a write

    private static final double SOCKET_WRITE_COLD = 16.0; // spread: 18,000 sockets: each is out of the caches by the next time
    private static final double SOCKETS_WARM = 1_000; // of an instance; sizes.sh: 2,500 cost what many do
    private static final double MORE_IN_A_WRITE = 0.18; // fanout16 against fanout1: (16 × 0.48 − 5.02) / 15
    private static final double CHANNEL_TURN = 39.0; // spread: 1,000 groups of 18 against one of 18,000, a message: (18.80 − 16.05) × 18, without SEND
    private static final double SEND = 11.0; // echo: a message in, its append in memory and its ack out
    private static final double WAKE = 55.0; // sizes.sh: a send's way over Redis, while each is alone: to Redis, its answer, its bell
    private static final double INSTANCE = 0.03; // sizes.sh: cores of an instance at rest: leases, probes, heartbeats
    private static final double CONNECT = 440.0; // a warm connection, its end included

    /** Bytes of an instance. */
    private static final double CONNECTION = 8 * 1024; // resident, idle, signed in, three channels

    private static final double PROCESS = 280e6; // sizes.sh: the process with little to do, without its connections
    private static final double BUSY = 232e6; // comparison.md: how much more once it keeps a core busy: heap not yet collected, buffers, code

    /** Redis' processor time, in microseconds. */
    private static final double APPEND = 1e6 / 70_381; // appends with messageId, the doorbell to one instance included

    private static final double REDIS_WAKE = 110.0; // sizes.sh: what an append costs more that is alone, not one of a batch
    private static final double REDIS = 0.01; // cores of a Redis at rest

    /** So many a second come alone at most; what is more comes together with another, in batches. Measured up to this rate. */
    private static final double WAKES = 1_000;

    private static final double FURTHER_BELL = 1.0; // each further instance that hears it; from Redis' pub/sub alone, not measured here

    /** Bytes. */
    private static final double ON_THE_WIRE = 350; // a delivery of 100 bytes: envelope, frame, TCP and IP

    private static final double BELL = 330; // the same message on its way from Redis to an instance
    private static final double REDIS_CONNECTION = 1_500; // an inbox of its own with nothing in it, its subscription, the user's record

    /** Of what a processor could do, so much is planned for. */
    private static final double UTILIZATION = 0.6;

    private static final double CORES = 4; // of an instance
    private static final double CONNECTIONS_MOST = 50_000; // of an instance: what its end sends elsewhere at once
    private static final double REDIS_BELLS = 377_000; // a second that one instance's connection to Redis takes (docs/adr, prototypes)

    private Scale() {}

    /**
     * A load.
     *
     * @param followers who get a message, on the average
     * @param batch messages that go to a socket with one write; 1 unless a socket gets hundreds a second
     */
    record Load(double connections, double deliveries, double followers, double batch) {
        double sends() {
            return deliveries / followers;
        }
    }

    /** What it needs, and how near each wall is, as a share of what is planned for. */
    record Need(double instances, double cores, double memory, double shards, double redisCores, double clientBits, double redisBits, String wall) {}

    static Need need(Load load) {
        double instances = Math.ceil(load.connections / CONNECTIONS_MOST);
        double busy = busy(load, instances);
        while (busy > instances * CORES * UTILIZATION) {
            instances++;
            busy = busy(load, instances);
        }
        double hearing = hearing(load, instances);
        double redis = redis(load, instances);
        double shards = Math.max(1, Math.ceil(redis / UTILIZATION));
        double bells = load.sends() * hearing / instances;
        double[] walls = {
            busy / (instances * CORES * UTILIZATION), redis / (shards * UTILIZATION), bells / (REDIS_BELLS * UTILIZATION),
            load.connections / (instances * CONNECTIONS_MOST)
        };
        String[] names = {"processors of the instances", "processor of Redis", "one instance's link to Redis", "connections of an instance"};
        int nearest = 0;
        for (int i = 1; i < walls.length; i++) {
            nearest = walls[i] > walls[nearest] ? i : nearest;
        }
        return new Need(
                instances, busy, memory(load, instances), shards, redis,
                8 * load.deliveries * ON_THE_WIRE, 8 * load.sends() * hearing * BELL,
                names[nearest] + String.format(Locale.ROOT, ", %.0f %%", 100 * walls[nearest]));
    }

    /** Followers are spread evenly: so many instances have at least one. */
    private static double hearing(Load load, double instances) {
        return instances * (1 - Math.pow(1 - 1 / instances, load.followers));
    }

    private static double busy(Load load, double instances) {
        double write = load.connections / instances > SOCKETS_WARM ? SOCKET_WRITE_COLD : SOCKET_WRITE;
        double delivery = (write + (load.batch - 1) * MORE_IN_A_WRITE) / load.batch;
        double wakes = Math.min(load.sends(), instances * WAKES) * WAKE;
        double sends = load.sends() * SEND + load.sends() * hearing(load, instances) * CHANNEL_TURN / load.batch;
        return instances * INSTANCE + (load.deliveries * delivery + sends + wakes) / 1e6;
    }

    private static double redis(Load load, double instances) {
        double shards = Math.max(1, Math.ceil(load.sends() * APPEND / 1e6 / UTILIZATION));
        double wakes = Math.min(load.sends(), shards * WAKES) * REDIS_WAKE;
        return shards * REDIS + (load.sends() * (APPEND + (hearing(load, instances) - 1) * FURTHER_BELL) + wakes) / 1e6;
    }

    private static double memory(Load load, double instances) {
        return instances * (PROCESS + BUSY * Math.min(1, busy(load, instances) / instances)) + load.connections * CONNECTION;
    }

    public static void main(String[] arguments) {
        if (arguments.length == 5 && arguments[0].equals("at")) {
            double instances = Double.parseDouble(arguments[1]);
            Load load = new Load(Double.parseDouble(arguments[2]), Double.parseDouble(arguments[3]), Double.parseDouble(arguments[4]), 1);
            System.out.printf(Locale.ROOT, "%.4f %.4f %.0f%n", busy(load, instances), redis(load, instances), memory(load, instances) / 1e6);
            return;
        }
        if (arguments.length == 3) {
            print(List.of(new Load(Double.parseDouble(arguments[0]), Double.parseDouble(arguments[1]), Double.parseDouble(arguments[2]), 1)));
            return;
        }
        System.out.println("### 1,000,000 connections, 1,000,000 deliveries a second\n");
        print(List.of(
                new Load(1e6, 1e6, 1, 1), new Load(1e6, 1e6, 10, 1), new Load(1e6, 1e6, 100, 1), new Load(1e6, 1e6, 1000, 1), new Load(1e6, 1e6, 1e6, 1)));
        System.out.println("\n### Smaller ones\n");
        print(List.of(new Load(1e4, 1e4, 10, 1), new Load(1e5, 1e5, 10, 1), new Load(3e5, 3e5, 10, 1)));
        System.out.println("\n### When an instance of 50,000 connections ends at once\n");
        System.out.printf(Locale.ROOT, "- its %,.0f connections cost the other %d %.1f s of processor time in all, %.1f s on all their cores;%n",
                CONNECTIONS_MOST, 19, CONNECTIONS_MOST * CONNECT / 1e6, CONNECTIONS_MOST * CONNECT / 1e6 / (19 * CORES));
        System.out.printf(Locale.ROOT, "- at 2,000 hellos a second and instance (`parley.limits.handshakes`) they are let in within %.1f s.%n", CONNECTIONS_MOST / (19 * 2_000));
    }

    private static void print(List<Load> loads) {
        System.out.println("| connections | deliveries/s | followers of a message | sends/s | instances of 4 cores | of these cores busy | their memory, GB | Redis shards | Redis cores busy | to clients, Gbit/s | from Redis, Gbit/s | nearest wall |");
        System.out.println("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        for (Load load : loads) {
            Need need = need(load);
            System.out.printf(Locale.ROOT, "| %,.0f | %,.0f | %,.0f | %,.0f | %.0f | %.1f | %.1f | %.0f | %.2f | %.2f | %.2f | %s |%n",
                    load.connections, load.deliveries, load.followers, load.sends(), need.instances, need.cores, need.memory / 1e9, need.shards, need.redisCores,
                    need.clientBits / 1e9, need.redisBits / 1e9, need.wall);
        }
    }
}
