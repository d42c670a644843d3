package dev.parley.client.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Has members send to channels and measures what arrives: in a closed loop, in which each channel has a number of messages under way and the next is sent when
 * one has come to all its receivers; or at a fixed rate, whatever the server does. Begun and ended by the run's thread; the members' events come on theirs.
 *
 * <p>At a fixed rate a message's latency counts from when it was to be sent, not from when the generator got round to it, and a message belongs to the measured time
 * if it was to be sent in it, however late it comes: so a server that stalls is not spared the messages that it kept from being sent or received (coordinated
 * omission). In a closed loop there is no such time, and a stall delays what would have been sent during it: its latencies are those of a server at its limit.
 */
public final class Load implements Listener {
    private final List<Channel> channels;
    private final Pace pace;
    private final Crew crew;
    private final Faults faults;
    private final Window window = new Window();
    private final AtomicReferenceArray<Part> parts;
    private Thread pacer;
    private volatile boolean stopped;

    /**
     * How much is sent.
     *
     * @param inFlight in a closed loop, messages under way in each channel
     * @param rate messages a second over all channels; 0 for a closed loop
     * @param size bytes of a payload
     */
    public record Pace(int inFlight, double rate, int size) {}

    /** What one reactor's members counted; of its thread, but for the totals that others look at. */
    private final class Part {
        private final Runnable passOn = () -> {
            this.passingOn = false;
            Load.this.passOn(this);
        };
        private final Latencies delivery = new Latencies();
        private final Latencies ack = new Latencies();
        private final Latencies lateness = new Latencies();
        private long delivered;
        private long sent;
        private int channel = -1;
        private long arrivals;
        private boolean passingOn;
        private volatile long progress;
        private long progressed;
    }

    /** A load whose members exist or are about to, and which has not begun. */
    public Load(Crew crew, List<Channel> channels, Pace pace, Faults faults) {
        this.crew = crew;
        this.channels = List.copyOf(channels);
        this.pace = pace;
        this.faults = faults;
        this.parts = new AtomicReferenceArray<>(crew.threads());
        for (int i = 0; i < crew.threads(); i++) {
            parts.set(i, new Part());
        }
    }

    /** Begins to send. */
    public void start() {
        if (pace.rate() > 0) {
            pacer = new Thread(this::keepPace, "bench-pace");
            pacer.setDaemon(true);
            pacer.start();
        } else {
            channels.forEach(channel -> channel.sender(1).reactor().execute(() -> pump(channel)));
        }
    }

    /** Measures the next so many seconds. */
    void measure(double seconds) {
        long from = System.nanoTime();
        window.open(from, from + Site.nanos(seconds));
    }

    /** Forgets what was measured and measures from now on, until {@link #stopMeasuring}. */
    void measureAnew() {
        crew.reactors().forEach(reactor -> reactor.execute(() -> parts.set(reactor.number(), new Part())));
        crew.settle();
        window.open(System.nanoTime(), Long.MAX_VALUE);
    }

    void stopMeasuring() {
        window.close();
    }

    /** Whether all that may be sent was sent and has arrived. */
    boolean isDone() {
        return channels.stream().allMatch(Channel::isDone);
    }

    /** Sends no more. */
    void stop() {
        stopped = true;
    }

    /** Sends no more, and waits for what is under way as long as there is progress. */
    void end() {
        stop();
        crew.await(() -> pacer == null || !pacer.isAlive(), () -> 0);
        // What was taken to be sent has then been sent, also what one reactor handed to another.
        crew.settle();
        crew.settle();
        crew.await(() -> missing() <= 0, this::progress);
        crew.settle();
    }

    /** Deliveries of messages that nobody refused or was told to have missed, and that did not come. */
    private long missing() {
        return underWay() - faults.count(Fault.GAP);
    }

    /** Deliveries that have not come yet. */
    long underWay() {
        return channels.stream().mapToLong(Channel::underWay).sum();
    }

    /** A number that changes as long as messages arrive. Any thread. */
    long progress() {
        long sum = 0;
        for (int i = 0; i < parts.length(); i++) {
            sum += parts.get(i).progress;
        }
        return sum;
    }

    /** Has a reactor wake when each message is due: a selector's own timeout counts in milliseconds. */
    private void keepPace() {
        long start = System.nanoTime();
        double step = 1e9 / pace.rate();
        for (long k = 0; !stopped; k++) {
            long due = start + (long) (k * step);
            for (long left = due - System.nanoTime(); left > 0 && !stopped; left = due - System.nanoTime()) {
                LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
            }
            Channel channel = channels.get((int) (k % channels.size()));
            Member sender = channel.sender(channel.take(Integer.MAX_VALUE));
            sender.reactor().execute(() -> send(channel, sender, due));
        }
    }

    /** Sends what may be under way in a channel; on any reactor's thread. */
    private void pump(Channel channel) {
        for (long number = take(channel); number > 0; number = take(channel)) {
            Member sender = channel.sender(number);
            if (sender.reactor().isCurrent()) {
                send(channel, sender, System.nanoTime());
            } else {
                sender.reactor().execute(() -> send(channel, sender, System.nanoTime()));
            }
        }
    }

    private long take(Channel channel) {
        return stopped ? 0 : channel.take(pace.inFlight());
    }

    private void send(Channel channel, Member sender, long due) {
        Part part = part(sender);
        if (!sender.isReady()) {
            channel.arrived(channel.receivers());
            return;
        }
        if (window.holds(due)) {
            part.sent++;
            part.lateness.record(System.nanoTime() - due);
        }
        sender.send(channel, due, pace.size());
    }

    @Override
    public void delivered(Member member, int channel, long due) {
        Part part = part(member);
        long now = member.reactor().now();
        if (window.holds(now)) {
            part.delivered++;
        }
        if (window.holds(belongsAt(due, now))) {
            part.delivery.record(now - due);
        }
        arrived(member, part, channel, 1);
    }

    @Override
    public void acknowledged(Member member, int channel, long due) {
        long now = member.reactor().now();
        if (window.holds(belongsAt(due, now))) {
            part(member).ack.record(now - due);
        }
    }

    /** The time that decides whether a message is measured: in a closed loop its arrival, so that a stall which began before is seen. */
    private long belongsAt(long due, long now) {
        return pace.rate() > 0 ? due : now;
    }

    @Override
    public void refused(Member member, int channel, String code) {
        faults.refused(code);
        arrived(member, part(member), channel, channels.get(channel).receivers());
    }

    @Override
    public void refused(Member member, String code) {
        faults.refused(code);
    }

    @Override
    public void fault(Member member, Fault fault, long entries) {
        faults.fault(fault, entries);
    }

    @Override
    public void turnedAway(Member member, long millis) {
        faults.turnedAway();
    }

    @Override
    public void lost(Member member, String why) {
        faults.lost(why);
    }

    /** Adds to a channel's count once for many deliveries that come in a row. */
    private void arrived(Member member, Part part, int channel, long deliveries) {
        if (channel != part.channel) {
            passOn(part);
            part.channel = channel;
        }
        part.arrivals += deliveries;
        if (!part.passingOn) {
            part.passingOn = true;
            member.reactor().afterThis(part.passOn);
        }
    }

    private void passOn(Part part) {
        if (part.arrivals > 0) {
            Channel channel = channels.get(part.channel);
            channel.arrived(part.arrivals);
            part.progressed += part.arrivals;
            part.progress = part.progressed;
            part.arrivals = 0;
            if (pace.rate() == 0) {
                pump(channel);
            }
        }
    }

    private Part part(Member member) {
        return parts.get(member.reactor().number());
    }

    /** Messages that arrived in the measured time. After {@link #end}. */
    long delivered() {
        return sum(part -> part.delivered);
    }

    private Stream<Part> parts() {
        return IntStream.range(0, parts.length()).mapToObj(parts::get);
    }

    private long sum(ToLongFunction<Part> count) {
        return parts().mapToLong(count).sum();
    }

    private Latencies all(Function<Part, Latencies> of) {
        Latencies all = new Latencies();
        parts().forEach(part -> all.add(of.apply(part)));
        return all;
    }

    /** From when a message was to be sent until a receiver had it, of those of the measured time. After {@link #end}. */
    Latencies latencies() {
        return all(part -> part.delivery);
    }

    /** Tells what was measured. After {@link #end}. */
    void report(Report report) {
        double seconds = window.seconds();
        report.add("seconds", "measured", seconds, 1, "s");
        report.add("sentInAll", channels.stream().mapToLong(Channel::sent).sum());
        report.add("sendsPerSecond", "sends", sum(part -> part.sent) / seconds, 0, "/s");
        report.add("deliveriesPerSecond", "deliveries", delivered() / seconds, 0, "/s");
        report.add("delivery", "from send to receipt", latencies());
        report.add("ack", "from send to ack", all(part -> part.ack));
        if (pace.rate() > 0) {
            report.add("lateness", "generator sent late by", all(part -> part.lateness));
        }
        report.add("missing", "missing deliveries", Math.max(0, missing()));
        faults.report(report);
        if (missing() > 0) {
            report.fail(missing() + " deliveries never came.");
        }
    }

    String troubles() {
        return faults.troubles();
    }
}
