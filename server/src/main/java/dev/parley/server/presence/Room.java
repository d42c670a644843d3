package dev.parley.server.presence;

import dev.parley.protocol.Address;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result.Present;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One group that connections of this instance follow: keeps what this instance has in step with the store, and its followers in step with what all instances
 * have. Called by {@link Presence} on any thread; its state is guarded by its own lock, and nothing outside is called while that is held.
 *
 * <p>A write that was not answered may take effect after the next one, so what it was about is written once more when it no longer can.
 *
 * <p>It is empty once the last connection is gone, and closed once that is written down for good, too. While it is empty it hears no rings, so it begins anew with the
 * next connection: what others have is read from the store, and what they ring meanwhile is newer than what was read.
 */
final class Room {

    /** Users written, and rung, at once: few enough for a ring of some ten kilobytes. */
    private static final int WRITTEN_AT_ONCE = 200;

    private static final CompletableFuture<Void> READY = CompletableFuture.completedFuture(null);

    private final Presence presence;
    private final Address.Group group;
    private final People people = new People();
    private final Attendance attendance;
    private final Notices notices;

    // Nearly all groups are quiet at a time: these three are the library's empty collections then.

    /** Whose part of this instance is not written yet, and whether they left by will. */
    private Map<String, Boolean> unwritten = Collections.emptyMap();

    /** Whose part may be overwritten yet by a write that was not answered, up to {@link #doubtUntil}. */
    private Set<String> doubtful = Collections.emptySet();

    /** What was rung since the present reading began. */
    private Set<Place> rung = Collections.emptySet();

    private CompletableFuture<Void> ready = new CompletableFuture<>();
    private int life;
    private boolean loaded;
    private boolean toRead;
    private boolean reading;
    private boolean writing;
    private boolean telling;
    private boolean closed;
    private long nextWrite = System.nanoTime();
    private long doubtUntil;

    /** When to read again, or null. */
    private Long readAgain;

    /** One for all that is to be done later; each of them looks for itself whether it is time. Null while nothing is. */
    private Alarm alarm;

    private record Place(String node, String user) {}

    Room(Presence presence, Address.Group group) {
        this.presence = presence;
        this.group = group;
        this.attendance = new Attendance(people, presence.nodes);
        this.notices = new Notices(group.name(), presence.pace, people, attendance);
    }

    Address.Group group() {
        return group;
    }

    /** @return false when the room is closed and another must be opened */
    boolean arrive(String user, String name, String connection) {
        synchronized (this) {
            if (closed) {
                return false;
            }
            toRead |= people.here() == 0;
            if (people.add(user, name, connection)) {
                changedHere(user, false);
            }
        }
        read();
        write();
        tell();
        return true;
    }

    /** @param byWill whether the user left, rather than lost the connection */
    void depart(String user, String connection, boolean byWill) {
        synchronized (this) {
            if (!people.remove(user, connection)) {
                return;
            }
            changedHere(user, byWill);
            if (people.here() == 0) {
                empty();
            }
        }
        write();
        tell();
    }

    /** Another instance rang. */
    void hear(Announcement announcement) {
        synchronized (this) {
            if (people.here() == 0) {
                return;
            }
            for (Announcement.Change change : announcement.changes()) {
                if (reading) {
                    rung = rung.isEmpty() ? new HashSet<>() : rung;
                    rung.add(new Place(announcement.node(), change.user()));
                }
                boolean news = attendance.set(announcement.node(), change.user(), change.here());
                // Where the store was read between the change and its ring, only the will is news.
                if (news || change.left()) {
                    noticed(change.user(), change.left());
                }
            }
        }
        tell();
    }

    /** Nodes came or went. */
    void nodesChanged(Set<String> nodes) {
        synchronized (this) {
            attendance.usersOf(nodes).forEach(notices::unsure);
        }
        tell();
    }

    /** Compares with the store what is known here, and what is written there of this instance. */
    void compare() {
        synchronized (this) {
            if (people.here() == 0) {
                return;
            }
            toRead = true;
        }
        read();
    }

    /** Who is on; null where that must be asked of the store, since nobody here follows. */
    CompletionStage<Present> who(int limit) {
        CompletableFuture<Void> when;
        synchronized (this) {
            if (people.here() == 0) {
                return null;
            }
            when = ready;
        }
        return when.thenApply(then -> {
            synchronized (this) {
                return notices.list(limit);
            }
        });
    }

    private void changedHere(String user, boolean byWill) {
        noticed(user, byWill);
        unwritten().put(user, byWill);
    }

    /** To put something in. */
    private Map<String, Boolean> unwritten() {
        if (unwritten.isEmpty()) {
            unwritten = new LinkedHashMap<>();
        }
        return unwritten;
    }

    private void noticed(String user, boolean byWill) {
        if (byWill) {
            notices.left(user);
        } else {
            notices.unsure(user);
        }
    }

    private void empty() {
        life++;
        loaded = false;
        toRead = false;
        attendance.clear();
        notices.clear();
        rung = Collections.emptySet();
        ready.completeExceptionally(Presence.unavailable());
        ready = new CompletableFuture<>();
        readAgain = null;
    }

    private void read() {
        int reader;
        synchronized (this) {
            if (!toRead || reading) {
                return;
            }
            toRead = false;
            reading = true;
            rung = Collections.emptySet();
            reader = life;
        }
        presence.store.read(group.name()).whenComplete((seen, failure) -> {
            List<Seen> leftBehind = List.of();
            synchronized (this) {
                reading = false;
                // What was read for an earlier life of the room is of no use; if there is a next life, it reads for
                // itself.
                if (reader == life && failure == null) {
                    leftBehind = take(seen);
                } else if (reader == life && !loaded) {
                    ready.completeExceptionally(failure);
                    ready = new CompletableFuture<>();
                    readAgain = System.nanoTime() + presence.pace.retry().toNanos();
                    wakeAt(readAgain);
                }
            }
            if (!leftBehind.isEmpty()) {
                presence.store.forget(group.name(), leftBehind);
            }
            read();
            write();
            tell();
        });
    }

    /** Takes over what was read. The first time followers are not told of it: they know it as what {@link #who} says. */
    private List<Seen> take(List<Seen> seen) {
        List<Seen> leftBehind = new ArrayList<>();
        Map<String, Here> mine = new HashMap<>();
        Map<String, Here> known = new HashMap<>();
        Set<Place> places = new HashSet<>();
        for (Seen each : seen) {
            Place place = new Place(each.node(), each.user());
            if (each.node().equals(presence.node)) {
                mine.put(each.user(), each.here());
            } else if (presence.nodes.isGone(each.node())) {
                leftBehind.add(each);
            } else if (!rung.contains(place)) {
                places.add(place);
                if (!loaded && presence.nodes.counts(each.node())) {
                    known.merge(each.user(), each.here(), Here::and);
                }
                if (attendance.set(each.node(), each.user(), each.here()) && loaded) {
                    notices.unsure(each.user());
                }
            }
        }
        for (Seen each : attendance.elsewhere()) {
            Place place = new Place(each.node(), each.user());
            if (!places.contains(place) && !rung.contains(place)) {
                attendance.set(each.node(), each.user(), null);
                notices.unsure(each.user());
            }
        }
        if (loaded) {
            correct(mine);
        }
        known.forEach(notices::known);
        rung = Collections.emptySet();
        loaded = true;
        ready.complete(null);
        ready = READY;
        return leftBehind;
    }

    /** Has written again what the store has not, or not as it is, because it was out of reach or lost its data. */
    private void correct(Map<String, Here> written) {
        if (writing) {
            return;
        }
        for (Person person : people.all()) {
            if (person.here != null && !person.here.equals(written.remove(person.user))) {
                unwritten().putIfAbsent(person.user, false);
            }
        }
        written.keySet().forEach(user -> unwritten().putIfAbsent(user, false));
    }

    private void write() {
        List<Announcement.Change> changes = new ArrayList<>();
        synchronized (this) {
            if (writing || unwritten.isEmpty()) {
                return;
            }
            if (nextWrite - System.nanoTime() > 0) {
                wakeAt(nextWrite);
                return;
            }
            var users = unwritten.entrySet().iterator();
            while (users.hasNext() && changes.size() < WRITTEN_AT_ONCE) {
                var user = users.next();
                Here here = people.here(user.getKey());
                changes.add(new Announcement.Change(user.getKey(), here, here == null && user.getValue()));
                users.remove();
            }
            unwritten = unwritten.isEmpty() ? Collections.emptyMap() : unwritten;
            writing = true;
        }
        presence.store.write(group.name(), changes).whenComplete((none, failure) -> {
            synchronized (this) {
                writing = false;
                if (failure != null) {
                    doubt(changes);
                }
                nextWrite =
                        System.nanoTime() + (failure == null ? presence.pace.write() : presence.pace.retry()).toNanos();
                closed = people.here() == 0 && unwritten.isEmpty() && doubtful.isEmpty();
                if (closed) {
                    presence.closed(this);
                }
            }
            write();
        });
    }

    /** Has {@link #wake} run then, or earlier. */
    private void wakeAt(long nanos) {
        if (alarm == null) {
            alarm = new Alarm(presence.vertx);
        }
        alarm.at(nanos, this::wake);
    }

    private void wake() {
        boolean compare;
        synchronized (this) {
            alarm = null;
            compare = readAgain != null && readAgain - System.nanoTime() <= 0;
            if (compare) {
                readAgain = null;
            } else if (readAgain != null) {
                wakeAt(readAgain);
            }
        }
        if (compare) {
            compare();
        }
        writeAgain();
        write();
        tell();
    }

    private void doubt(List<Announcement.Change> changes) {
        for (Announcement.Change change : changes) {
            unwritten().putIfAbsent(change.user(), change.left());
            doubtful = doubtful.isEmpty() ? new HashSet<>() : doubtful;
            doubtful.add(change.user());
        }
        doubtUntil = System.nanoTime() + presence.pace.late().toNanos();
        wakeAt(doubtUntil);
    }

    private void writeAgain() {
        synchronized (this) {
            if (doubtful.isEmpty()) {
                return;
            }
            if (doubtUntil - System.nanoTime() > 0) {
                wakeAt(doubtUntil);
                return;
            }
            doubtful.forEach(user -> unwritten().putIfAbsent(user, false));
            doubtful = Collections.emptySet();
        }
    }

    private void tell() {
        List<ServerFrame.Presence> frames;
        synchronized (this) {
            if (!loaded || telling) {
                return;
            }
            frames = notices.round();
            if (frames.isEmpty()) {
                Long due = notices.due();
                if (due != null) {
                    wakeAt(due);
                }
                return;
            }
            telling = true;
        }
        frames.forEach(frame -> presence.emit(group, frame));
        synchronized (this) {
            telling = false;
        }
        tell();
    }
}
