package dev.parley.server.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.proof.Fault.Kind;
import dev.parley.server.proof.Seen.Message;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/**
 * Holds what senders were told against what receivers were told, and everybody against everybody. Told all of it first, then asked once, by one thread.
 */
public final class Checker {
    private final Set<String> allowedGaps;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Acked> acked = new LinkedHashMap<>();
    private final Map<String, Receiver> receivers = new TreeMap<>();

    /** A channel in one epoch. */
    private record Life(String channel, String epoch) {}

    private static final class Receiver {
        final Map<Life, Trail> trails = new HashMap<>();
        final Map<String, String> epochs = new HashMap<>();
        final Set<String> following = new HashSet<>();
    }

    /** @param allowedGaps the reasons for which entries may be declared as no longer there */
    public Checker(String... allowedGaps) {
        this.allowedGaps = Set.of(allowedGaps);
    }

    /** Lets clients get their last answers and go: they must have missed nothing, and been told nothing against the contract. */
    public static void assertFaultless(List<RawClient> clients) {
        Awaitility.await("everything asked is answered")
                .until(() -> clients.stream().allMatch(client -> client.unanswered() == 0));
        clients.forEach(RawClient::close);
        Checker checker = new Checker();
        clients.forEach(checker::take);
        assertThat(checker.faults(Map.of())).isEmpty();
    }

    /** What a client was told, as a sender and as a receiver. */
    public void take(RawClient client) {
        client.violations().forEach(violation -> fault(Kind.AGAINST_THE_CONTRACT, client + ": " + violation));
        client.acks().forEach(this::acked);
        received(client.user(), client.record().seen());
    }

    /** What a sender was told about a message; again for every time it was told. */
    public void acked(Acked ack) {
        Acked before = acked.putIfAbsent(ack.channel() + " " + ack.epoch() + " " + ack.messageId(), ack);
        if (before != null && (before.seq() != ack.seq() || !before.duplicate() && !ack.duplicate())) {
            fault(Kind.ACK_DISAGREES, "two acks for one message: " + before + " and " + ack);
        }
    }

    /** The whole record of one receiver. */
    public void received(String name, List<Seen> record) {
        Receiver receiver = new Receiver();
        receivers.put(name, receiver);
        for (Seen seen : record) {
            take(name, receiver, seen);
        }
        receiver.trails.values().forEach(Trail::finish);
    }

    /**
     * All that is wrong.
     *
     * @param heads where the channels stood in the end: whoever follows one must have come there
     */
    public List<Fault> faults(Map<String, Place> heads) {
        receivers.forEach((name, receiver) -> {
            receiver.following.forEach(channel -> checkEnd(name, receiver, channel, heads.get(channel)));
            acked.values().forEach(ack -> checkReceived(name, receiver, ack));
        });
        compareReceivers();
        return List.copyOf(faults);
    }

    private void take(String name, Receiver receiver, Seen seen) {
        String channel = seen.channel();
        if (seen instanceof Seen.Begun begun) {
            receiver.epochs.put(channel, begun.epoch());
            receiver.following.add(channel);
            trail(name, receiver, channel).begin(begun.seq());
        } else if (seen instanceof Seen.Ended) {
            receiver.following.remove(channel);
        } else if (!receiver.following.contains(channel)) {
            fault(Kind.OUT_OF_ORDER, name + " does not follow that: " + seen);
        } else if (seen instanceof Message message) {
            if (inEpoch(name, receiver, channel, message.epoch())) {
                trail(name, receiver, channel).message(message);
            }
        } else if (seen instanceof Seen.Skip skip) {
            if (inEpoch(name, receiver, channel, skip.epoch())) {
                trail(name, receiver, channel).range(skip.from(), skip.to(), Trail.Way.SKIP);
            }
        } else if (seen instanceof Seen.Gap gap) {
            gap(name, receiver, gap);
        }
    }

    private void gap(String name, Receiver receiver, Seen.Gap gap) {
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
                life, key -> new Trail((kind, detail) -> fault(kind, name + ", " + life + ": " + detail)));
    }

    private void checkEnd(String name, Receiver receiver, String channel, Place head) {
        String epoch = receiver.epochs.get(channel);
        Place end =
                new Place(epoch, receiver.trails.get(new Life(channel, epoch)).at());
        if (head != null && !head.equals(end)) {
            fault(Kind.LOST, name + " ended at " + end + " of " + channel + ", which stands at " + head);
        }
    }

    private void checkReceived(String name, Receiver receiver, Acked ack) {
        if (!receiver.following.contains(ack.channel())) {
            return;
        }
        Trail trail = receiver.trails.get(new Life(ack.channel(), ack.epoch()));
        if (trail == null) {
            if (!allowedGaps.contains("epoch")) {
                fault(Kind.LOST, name + " knows nothing of the epoch of " + ack);
            }
            return;
        }
        Trail.Way way = trail.wayOf(ack.seq());
        if (way == null) {
            boolean lifeIsOver = !receiver.epochs.get(ack.channel()).equals(ack.epoch());
            if (ack.seq() > trail.at() && !lifeIsOver) {
                fault(Kind.LOST, name + " ended at " + trail.at() + " and never got " + ack);
            }
        } else if (way == Trail.Way.SKIP && !ack.mayMiss().contains(name)) {
            fault(Kind.LOST, name + " was skipped for " + ack);
        } else if (way == Trail.Way.MESSAGE
                && !trail.messages.get(ack.seq()).messageId().equals(ack.messageId())) {
            fault(Kind.ACK_DISAGREES, name + " got " + trail.messages.get(ack.seq()) + ", but its sender " + ack);
        }
    }

    private void compareReceivers() {
        Map<Life, Map<Long, String>> first = new HashMap<>();
        receivers.forEach((name, receiver) -> receiver.trails.forEach((life, trail) -> {
            Map<Long, String> known = first.computeIfAbsent(life, key -> new HashMap<>());
            trail.messages.forEach((seq, message) -> {
                String other = known.putIfAbsent(seq, message.content());
                if (other != null && !same(other, message.content())) {
                    fault(Kind.RECEIVERS_DISAGREE, name + " has " + message.content() + ", another one " + other);
                }
            });
        }));
    }

    /** Only the meaning counts: how a frame is spelled is free. */
    private static boolean same(String one, String other) {
        return one.equals(other) || new JsonObject(one).equals(new JsonObject(other));
    }

    private void fault(Kind kind, String detail) {
        faults.add(new Fault(kind, detail));
    }
}
