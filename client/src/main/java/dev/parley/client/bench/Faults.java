package dev.parley.client.bench;

import dev.parley.client.bench.Listener.Fault;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What went wrong, counted. Rare, so a lock will do; any thread. */
public final class Faults {
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Map<String, Long> refusals = new TreeMap<>();
    private long lost;
    private String firstLoss;
    private long turnedAway;

    synchronized void fault(Fault fault, long entries) {
        faults.merge(fault, entries, Long::sum);
    }

    synchronized void refused(String code) {
        refusals.merge(code, 1L, Long::sum);
    }

    synchronized void lost(String why) {
        lost++;
        firstLoss = firstLoss == null ? why : firstLoss;
    }

    synchronized void turnedAway() {
        turnedAway++;
    }

    /** How many entries are concerned by a kind of fault. */
    public synchronized long count(Fault fault) {
        return faults.getOrDefault(fault, 0L);
    }

    /** Refusals by the server's error code. */
    public synchronized Map<String, Long> refusals() {
        return new TreeMap<>(refusals);
    }

    /** All that went wrong, to be put behind a sentence; empty where nothing did. */
    synchronized String troubles() {
        StringBuilder all = new StringBuilder();
        if (lost > 0) {
            all.append("; connections lost: ")
                    .append(lost)
                    .append(" (")
                    .append(firstLoss)
                    .append(')');
        }
        if (!refusals.isEmpty()) {
            all.append("; refused: ").append(refusals);
        }
        if (!faults.isEmpty()) {
            all.append("; wrong: ").append(faults);
        }
        return all.toString();
    }

    /** Tells all kinds, those that did not occur too. */
    synchronized void report(Report report) {
        report.add("holes", "entries out of order", count(Fault.HOLE));
        report.add("duplicates", "entries that came twice", count(Fault.DUPLICATE));
        report.add("gaps", "entries declared lost by the hub", count(Fault.GAP));
        report.add("malformed", "frames that break the protocol", count(Fault.MALFORMED));
        report.add("lost", "connections lost", lost);
        report.add("turnedAway", "hellos told to come back later", turnedAway);
        report.add(
                "errors",
                "requests refused",
                refusals.values().stream().mapToLong(Long::longValue).sum());
        report.add("refusals", new TreeMap<>(refusals));
        if (lost > 0) {
            report.fail(lost + " connections were lost; the first: " + firstLoss + ".");
        }
        if (!refusals.isEmpty()) {
            report.fail("The server refused: " + refusals
                    + (refusals.containsKey("rate_limited")
                            ? "; raise parley.limits.sends-per-second and .in-flight for a bench, or use more senders."
                            : "."));
        }
        if (count(Fault.HOLE) + count(Fault.DUPLICATE) + count(Fault.MALFORMED) > 0) {
            report.fail("The server broke the order of a channel, or the protocol.");
        }
        if (count(Fault.GAP) > 0) {
            report.note("The hub declared entries lost: receivers were slower than the history is long.");
        }
    }
}
