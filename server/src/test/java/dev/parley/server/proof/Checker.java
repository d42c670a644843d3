package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Fault.Kind;
import dev.parley.server.proof.Seen.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;

/**
 * Holds what senders were told against what receivers were told, and everybody against everybody. What is wrong in itself it finds as it comes; what is missing,
 * when it is asked in the end. It keeps hashes instead of messages, so that a run may take long. Any thread.
 */
public final class Checker {
    private final Set<String> allowedGaps = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Map<Life, Acks> acks = new HashMap<>();
    private final Map<Life, Entries> entries = new HashMap<>();
    private final Map<String, Receiver> receivers = new TreeMap<>();
    private BiConsumer<String, String> holes = (name, detail) -> {};
    private long deliveries;
    private long gaps;
    private long notReached;

    /** A channel in one epoch. */
    private record Life(String channel, String epoch) {}

    private static final class Receiver {
        final String user;
        final Map<Life, Trail> trails = new HashMap<>();
        final Map<String, String> epochs = new HashMap<>();
        final Set<String> following = new HashSet<>();

        Receiver(String user) {
            this.user = user;
        }
    }

    /** @param allowedGaps the reasons for which entries may be declared as no longer there */
    public Checker(String... allowedGaps) {
        this.allowedGaps.addAll(List.of(allowedGaps));
    }

    /** Lets clients get their last answers and go: they must have missed nothing, and been told nothing against the contract. */
    static void assertFaultless(List<RawClient> clients) {
        Awaitility.await("everything asked is answered")
                .until(() -> clients.stream().allMatch(client -> client.unanswered() == 0));
        clients.forEach(RawClient::close);
        Checker checker = new Checker();
        clients.forEach(checker::take);
        assertThat(checker.faults(Map.of())).isEmpty();
    }

    /** Has somebody told of a hole when it opens, with the receiver's name and what is missing; it may fill late, and is a fault in the end. */
    public synchronized void onHole(BiConsumer<String, String> listener) {
        holes = listener;
    }

    /** From now on entries may be declared as no longer there for this reason. */
    public synchronized void allow(String gap) {
        allowedGaps.add(gap);
    }

    /** What a client was told, as a sender and as a receiver. */
    public void take(RawClient client) {
        client.violations().forEach(violation -> fault(Kind.AGAINST_THE_CONTRACT, client + ": " + violation));
        client.acks().forEach(this::acked);
        client.record().seen().forEach(seen -> saw(client.name(), client.user(), seen));
    }

    /**
     * What a sender was told about a message; again for every time it was told.
     *
     * @return what is wrong with that in itself
     */
    public synchronized List<Fault> acked(Acked ack) {
        int before = faults.size();
        Life life = new Life(ack.channel(), ack.epoch());
        Long first = acks.computeIfAbsent(life, key -> new Acks()).note(ack);
        if (first != null) {
            fault(Kind.ACK_DISAGREES, "one message was acknowledged as new at " + first + " and then as " + ack);
        }
        return List.copyOf(faults.subList(before, faults.size()));
    }

    /** The whole record of one receiver, who is a user of the same name. */
    public void received(String name, List<Seen> record) {
        record.forEach(seen -> saw(name, name, seen));
    }

    /**
     * What a receiver was told next.
     *
     * @return what is wrong with that in itself
     */
    public synchronized List<Fault> saw(String name, String user, Seen seen) {
        int before = faults.size();
        take(name, user, seen);
        return before == faults.size() ? List.of() : List.copyOf(faults.subList(before, faults.size()));
    }

    private void take(String name, String user, Seen seen) {
        Receiver receiver = receivers.computeIfAbsent(name, key -> new Receiver(user));
        String channel = seen.channel();
        if (seen instanceof Seen.Begun begun) {
            receiver.epochs.put(channel, begun.epoch());
            receiver.following.add(channel);
            trail(name, receiver, channel).begin(begun.seq(), begun.wished());
        } else if (seen instanceof Seen.Ended) {
            receiver.following.remove(channel);
        } else if (!receiver.following.contains(channel)) {
            fault(Kind.OUT_OF_ORDER, name + " does not follow that: " + seen);
        } else if (seen instanceof Message message) {
            deliveries++;
            if (inEpoch(name, receiver, channel, message.epoch())) {
                if (trail(name, receiver, channel).message(message.seq())) {
                    compare(name, message);
                }
            }
        } else if (seen instanceof Seen.Skip skip) {
            if (inEpoch(name, receiver, channel, skip.epoch())) {
                trail(name, receiver, channel).range(skip.from(), skip.to(), Trail.Way.SKIP);
            }
        } else if (seen instanceof Seen.Gap gap) {
            gap(name, receiver, gap);
        }
    }

    /** How many messages were acknowledged. */
    public synchronized long acknowledged() {
        return acks.values().stream().mapToLong(Acks::count).sum();
    }

    /** How many messages came to receivers. */
    public synchronized long deliveries() {
        return deliveries;
    }

    /** How many gaps receivers were told of. */
    public synchronized long gaps() {
        return gaps;
    }

    /** How many messages should have come to receivers; to be asked after {@link #faults}. */
    public synchronized long expected() {
        return receivers.values().stream()
                        .flatMap(receiver -> receiver.trails.values().stream())
                        .mapToLong(Trail::missing)
                        .sum()
                + notReached
                + deliveries;
    }

    /** In how many epochs a channel was at most. */
    public synchronized long epochs() {
        Map<String, Long> lives = new HashMap<>();
        Set<Life> all = new HashSet<>(acks.keySet());
        all.addAll(entries.keySet());
        all.forEach(life -> lives.merge(life.channel(), 1L, Long::sum));
        return lives.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /**
     * All that is wrong. To be asked once, in the end.
     *
     * @param heads where the channels stood in the end: whoever follows one must have come there
     */
    public synchronized List<Fault> faults(Map<String, Place> heads) {
        missing(heads);
        return List.copyOf(faults);
    }

    /**
     * What is wrong and shows only in the end, when it is asked once: what is missing, and what senders and receivers were told that does not go together.
     *
     * @param heads where the channels stood in the end: whoever follows one must have come there
     */
    public synchronized List<Fault> missing(Map<String, Place> heads) {
        int before = faults.size();
        receivers.forEach((name, receiver) -> {
            receiver.trails.values().forEach(Trail::finish);
            receiver.following.forEach(channel -> checkEnd(name, receiver, channel, heads.get(channel)));
            acks.forEach((life, acked) -> checkReceived(name, receiver, life, acked));
        });
        acks.forEach(this::checkPlaces);
        return List.copyOf(faults.subList(before, faults.size()));
    }

    private void gap(String name, Receiver receiver, Seen.Gap gap) {
        gaps++;
        if (!allowedGaps.contains(gap.reason())) {
            fault(Kind.DECLARED_GAP, name + ": " + gap);
        }
        if (gap.reason().equals("epoch")) {
            receiver.epochs.put(gap.channel(), gap.epoch());
        } else if (!inEpoch(name, receiver, gap.channel(), gap.epoch())) {
            return;
        }
        trail(name, receiver, gap.channel()).range(gap.from(), gap.to(), Trail.Way.GAP);
    }

    private boolean inEpoch(String name, Receiver receiver, String channel, String epoch) {
        String known = receiver.epochs.get(channel);
        if (known.equals(epoch)) {
            return true;
        }
        fault(Kind.UNDECLARED_GAP, name + " was not told that epoch " + epoch + " of " + channel + " follows " + known);
        return false;
    }

    private Trail trail(String name, Receiver receiver, String channel) {
        Life life = new Life(channel, receiver.epochs.get(channel));
        return receiver.trails.computeIfAbsent(
                life,
                key -> new Trail(
                        (kind, detail) -> fault(kind, name + ", " + life + ": " + detail),
                        detail -> holes.accept(name, life + ": " + detail)));
    }

    private void compare(String name, Message message) {
        Life life = new Life(message.channel(), message.epoch());
        switch (entries.computeIfAbsent(life, key -> new Entries()).see(message)) {
            case TWICE ->
                fault(Kind.DUPLICATED, name + " got a message again whose id stands at another place: " + message);
            case DIFFERENT -> fault(Kind.RECEIVERS_DISAGREE, name + " got, unlike another one, " + message);
            default -> {}
        }
    }

    private void checkEnd(String name, Receiver receiver, String channel, Place head) {
        String epoch = receiver.epochs.get(channel);
        Place end =
                new Place(epoch, receiver.trails.get(new Life(channel, epoch)).at());
        if (head != null && !head.equals(end)) {
            notReached += head.epoch().equals(epoch) ? Math.max(0, head.seq() - end.seq()) : head.seq();
            fault(Kind.LOST, name + " ended at " + end + " of " + channel + ", which stands at " + head);
        }
    }

    private void checkReceived(String name, Receiver receiver, Life life, Acks acked) {
        Trail trail = receiver.trails.get(life);
        if (trail == null) {
            if (receiver.following.contains(life.channel()) && !allowedGaps.contains("epoch")) {
                fault(Kind.LOST, name + " knows nothing of " + life);
            }
            return;
        }
        trail.forEachSkipped(seq -> {
            if (acked.isFor(seq) && !acked.mayMiss(seq, name, receiver.user)) {
                fault(Kind.LOST, name + " was skipped for " + seq + " of " + life);
            }
        });
        acked.forEachKeptFrom(receiver.user, seq -> {
            if (trail.wayOf(seq) == Trail.Way.MESSAGE) {
                fault(Kind.NOT_MEANT, name + " was excepted and got " + seq + " of " + life);
            }
        });
        boolean follows = receiver.following.contains(life.channel())
                && receiver.epochs.get(life.channel()).equals(life.epoch());
        if (follows && acked.highest() > trail.at()) {
            fault(Kind.LOST, name + " ended at " + trail.at() + " and never got " + acked.highest() + " of " + life);
        }
    }

    private void checkPlaces(Life life, Acks acked) {
        Entries told = entries.get(life);
        if (told != null) {
            acked.forEach((id, seq) -> {
                if (told.isKnown(seq) && !told.isAt(seq, id)) {
                    fault(Kind.ACK_DISAGREES, "receivers got another message at " + seq + " of " + life);
                }
            });
        }
    }

    private void fault(Kind kind, String detail) {
        faults.add(new Fault(kind, detail));
    }
}
