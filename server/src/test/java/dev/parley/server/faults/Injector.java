package dev.parley.server.faults;

import dev.parley.server.proof.Hub;
import dev.parley.server.proof.ServerProcess;
import dev.parley.server.testing.Proxy;
import dev.parley.server.testing.Proxy.Link;
import dev.parley.server.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries a plan out on a hub: each step on a thread of its own, which does it and heals it. Steps on one instance, and steps on Redis, wait for each other. Three
 * places are held by instances; a process that ends is replaced in its place.
 */
final class Injector implements AutoCloseable {
    private static final int DROPPED_AT_ONCE = 12;
    private static final int CLOCK_SECONDS = 7200;
    private static final int THROTTLE = 4096;
    private static final Duration DELAY_LEAST = Duration.ofMillis(20);
    private static final Duration DELAY_MOST = Duration.ofMillis(400);
    private static final long REPLICATION_SECONDS = 20;

    private final Hub hub;
    private final Workload workload;
    private final Anomalies anomalies;
    private final FakeClock clock;
    private final Random random;
    private final String[] redisSettings;
    private final int[] places = new int[Plan.INSTANCES];
    private final List<Lock> instances = new ArrayList<>();
    private final Lock redis = new ReentrantLock();
    private final Object launching = new Object();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(16);
    private final List<Future<?>> underWay = new ArrayList<>();
    private final Map<String, Integer> done = new TreeMap<>();
    private volatile RedisServer primary;
    private volatile RedisServer replica;
    private volatile boolean stopped;
    private volatile int replacing;

    Injector(Hub hub, Plan plan, Workload workload, Anomalies anomalies, FakeClock clock, String[] redisSettings) {
        this.hub = hub;
        this.workload = workload;
        this.anomalies = anomalies;
        this.clock = clock;
        this.random = new Random(plan.seed());
        this.redisSettings = redisSettings;
        this.primary = hub.redis();
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
            instances.add(new ReentrantLock());
        }
        if (plan.steps().stream().anyMatch(step -> step.kind() == Kind.FAILOVER)) {
            addReplica();
        }
    }

    /** One that a load balancer would choose; where it knows of none that serves, any. */
    ServerProcess any() {
        List<ServerProcess> all = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            all.add(instance(i));
        }
        List<ServerProcess> serving =
                all.stream().filter(ServerProcess::isServing).toList();
        List<ServerProcess> some = serving.isEmpty()
                ? all.stream().filter(server -> server.uri() != null).toList()
                : serving;
        return some.get(ThreadLocalRandom.current().nextInt(some.size()));
    }

    /** Those that are in their places now. */
    List<ServerProcess> instances() {
        List<ServerProcess> all = new ArrayList<>();
        for (int i = 0; i < places.length; i++) {
            all.add(instance(i));
        }
        return all;
    }

    /** Whether the process that is started now takes the place of the one whose clock can be set. */
    boolean isReplacingClocked() {
        return replacing == Plan.INSTANCES - 1;
    }

    /** The Redis that takes writes now. */
    RedisServer redis() {
        return primary;
    }

    /** What was done, by kind. */
    synchronized Map<String, Integer> done() {
        return new TreeMap<>(done);
    }

    /** Begins to carry out a plan, whose time begins now. */
    void begin(Plan plan) {
        for (Step step : plan.steps()) {
            underWay.add(threads.schedule(() -> run(step), step.at().toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Waits for the steps that have begun, and heals what is left. */
    void heal() throws InterruptedException {
        for (Future<?> step : underWay) {
            try {
                step.get();
            } catch (ExecutionException e) {
                anomalies.add(Anomalies.Kind.LABORATORY, "a step failed: " + e.getCause());
            }
        }
        clock.offset(Duration.ZERO);
        for (int i = 0; i < places.length; i++) {
            hub.clientLink(places[i]).heal();
            hub.redisLink(places[i]).heal();
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
        for (RedisServer server : List.of(primary, replica == null ? primary : replica)) {
            if (server != hub.redis()) {
                server.close();
            }
        }
    }

    private void run(Step step) {
        Lock lock = lockFor(step);
        if (lock != null) {
            lock.lock();
        }
        try {
            if (stopped) {
                return;
            }
            carryOut(step);
            synchronized (this) {
                done.merge(step.counted(), 1, Integer::sum);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (lock != null) {
                lock.unlock();
            }
        }
    }

    private Lock lockFor(Step step) {
        return switch (step.kind().on) {
            case INSTANCE, CLOCK, LINK -> instances.get(step.number());
            case REDIS -> redis;
            case CLIENTS -> null;
        };
    }

    private void carryOut(Step step) throws InterruptedException {
        System.out.printf("%6.1f s  %s%n", anomalies.second(), step);
        switch (step.kind()) {
            case KILL -> {
                instance(step.number()).kill();
                last(step);
                replace(step.number());
            }
            case TERMINATE -> terminate(step);
            case FREEZE -> {
                ServerProcess server = instance(step.number());
                server.freeze(true);
                last(step);
                server.freeze(false);
            }
            case CLOCK -> {
                int seconds = 5 + random.nextInt(CLOCK_SECONDS);
                clock.offset(Duration.ofSeconds(random.nextBoolean() ? seconds : -seconds));
                last(step);
                clock.offset(Duration.ZERO);
            }
            case REDIS_RESTART -> {
                primary.kill();
                last(step);
                primary.start();
            }
            case REDIS_STALL -> {
                primary.stall();
                last(step);
                primary.resume();
            }
            case KILL_SUBSCRIPTIONS -> primary.command("CLIENT", "KILL", "TYPE", "pubsub");
            case KILL_COMMANDS -> primary.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
            case FLUSH -> {
                workload.dataIsLost();
                primary.command("FLUSHALL");
            }
            case FAILOVER -> failOver();
            case DROP -> workload.drop(step.number(), DROPPED_AT_ONCE);
            case SLOW -> {
                Person person = workload.people().get(step.number());
                person.slow(true);
                last(step);
                person.slow(false);
            }
            case FLOOD -> workload.flood(step.number());
            default -> link(step);
        }
    }

    private void terminate(Step step) throws InterruptedException {
        ServerProcess old = instance(step.number());
        if (random.nextBoolean()) {
            // As a rolling deploy does it: the next one is ready before this one goes.
            replace(step.number());
            old.terminate();
            old.awaitEnd();
        } else {
            old.terminate();
            old.awaitEnd();
            last(step);
            replace(step.number());
        }
    }

    private void link(Step step) throws InterruptedException {
        boolean clients = step.link().equals("clients");
        Proxy proxy = clients ? hub.clientLink(places[step.number()]) : hub.redisLink(places[step.number()]);
        Link[] on = clients
                ? new Link[0]
                : new Link[] {step.link().equals("subscriptions") ? Link.SUBSCRIPTIONS : Link.COMMANDS};
        switch (step.kind()) {
            case CUT -> proxy.cut(on);
            case HALF_OPEN -> proxy.halfOpen(true, on);
            case DELAY -> proxy.delay(DELAY_LEAST, DELAY_MOST, on);
            case THROTTLE -> proxy.throttle(clients ? THROTTLE : 4L * THROTTLE, on);
            case MUTE -> proxy.mute(true, on);
            case REFUSE -> {
                proxy.refuse(true, on);
                proxy.cut(on);
            }
            default -> throw new IllegalStateException(step.toString());
        }
        last(step);
        proxy.heal(on);
    }

    private void failOver() throws InterruptedException {
        RedisServer old = primary;
        RedisServer next = replica;
        awaitReplication(next);
        workload.dataIsLost();
        next.command("REPLICAOF", "NO", "ONE");
        primary = next;
        replica = old;
        hub.moveRedis(next.port());
        follow(old, next);
    }

    private void addReplica() {
        replica = RedisServer.installed(redisSettings).orElseGet(() -> RedisServer.embedded(redisSettings));
        follow(replica, primary);
    }

    /** By a command and not by its settings: those would make a primary that is restarted a replica again. */
    private static void follow(RedisServer replica, RedisServer primary) {
        replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
    }

    private static void awaitReplication(RedisServer replica) throws InterruptedException {
        for (int i = 0; i < REPLICATION_SECONDS * 10; i++) {
            if (replica.command("INFO", "replication").contains("master_link_status:up")) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the replica does not follow its primary");
    }

    private void replace(int place) {
        synchronized (launching) {
            replacing = place;
            hub.add();
            places[place] = hub.size() - 1;
        }
    }

    private ServerProcess instance(int place) {
        return hub.server(places[place]);
    }

    private static void last(Step step) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(step.lasts().toMillis());
    }
}
