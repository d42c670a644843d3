package dev.parley.server.presence;

import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.PresenceState;
import dev.parley.protocol.ServerFrame.PresentUser;
import dev.parley.protocol.ServerFrame.Result.Present;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the followers of one group on this instance have been told, and what they are to be told next. Times are those of {@link System#nanoTime}. Guarded by the
 * {@link Room} it belongs to.
 *
 * <p>It compares states and does not pass events on: who comes and goes between two rounds is not told of at all, and somebody who is back within the grace was
 * never away.
 */
final class Notices {
    private final String group;
    private final Pace pace;
    private final Attendance attendance;

    private final People people;

    // Nearly all groups are quiet at a time: what they need only while somebody comes or goes is the library's empty
    // collection until then, of which anything may be removed.
    private Set<String> unsure = Collections.emptySet();
    private Set<String> left = Collections.emptySet();

    /** Who is away but not yet told of, and until when, the earliest first. */
    private Map<String, Long> away = Collections.emptyMap();

    private long nextRound = System.nanoTime();
    private int counted = -1;

    /**
     * Of one group.
     *
     * @param people keeps what was told
     * @param attendance the users' present states
     */
    Notices(String group, Pace pace, People people, Attendance attendance) {
        this.group = group;
        this.people = people;
        this.pace = pace;
        this.attendance = attendance;
    }

    /** A user's state may differ from what was told. */
    void unsure(String user) {
        if (unsure.isEmpty()) {
            unsure = new LinkedHashSet<>();
        }
        unsure.add(user);
    }

    /** A user left by will, so there is no grace. */
    void left(String user) {
        if (left.isEmpty()) {
            left = new HashSet<>();
        }
        left.add(user);
        unsure(user);
    }

    /** Takes a user for told of, as followers have come to know it otherwise. */
    void known(String user, Here here) {
        people.tell(user, here);
    }

    /**
     * One round, if it is time for one.
     *
     * @return the frames for the followers
     */
    List<ServerFrame.Presence> round() {
        long now = System.nanoTime();
        Long due = due();
        if (due == null || due - now > 0) {
            return List.of();
        }
        int present = attendance.size();
        boolean counting = present > pace.named();
        int most = counting ? Integer.MAX_VALUE : Math.max(1, pace.toldARound() / Math.max(1, present));
        List<ServerFrame.Presence> frames = new ArrayList<>();
        for (Iterator<String> users = unsure.iterator(); users.hasNext() && frames.size() < most; ) {
            String user = users.next();
            users.remove();
            compare(user, now, frames);
        }
        for (Iterator<Map.Entry<String, Long>> leavers = away.entrySet().iterator();
                leavers.hasNext() && frames.size() < most; ) {
            Map.Entry<String, Long> leaver = leavers.next();
            if (leaver.getValue() - now > 0) {
                break;
            }
            leavers.remove();
            frames.add(frame(PresenceState.LEFT, leaver.getKey(), people.untell(leaver.getKey())));
        }
        dropEmpty();
        nextRound = now + (counting ? pace.countRound() : pace.round()).toNanos();
        return counting ? count() : named(frames);
    }

    private void dropEmpty() {
        unsure = unsure.isEmpty() ? Collections.emptySet() : unsure;
        left = left.isEmpty() ? Collections.emptySet() : left;
        away = away.isEmpty() ? Collections.emptyMap() : away;
    }

    private void compare(String user, long now, List<ServerFrame.Presence> frames) {
        Here is = attendance.of(user);
        Here was = people.told(user);
        boolean byWill = left.remove(user);
        if (is == null) {
            if (was != null && byWill) {
                away.remove(user);
                people.untell(user);
                frames.add(frame(PresenceState.LEFT, user, was));
            } else if (was != null) {
                if (away.isEmpty()) {
                    away = new LinkedHashMap<>();
                }
                away.putIfAbsent(user, now + pace.grace().toNanos());
            }
            return;
        }
        away.remove(user);
        people.tell(user, is);
        if (was == null) {
            frames.add(frame(PresenceState.JOINED, user, is));
        } else if (!was.looksLike(is)) {
            frames.add(frame(PresenceState.UPDATED, user, is));
        }
    }

    private List<ServerFrame.Presence> named(List<ServerFrame.Presence> frames) {
        counted = -1;
        return frames;
    }

    private List<ServerFrame.Presence> count() {
        if (counted == people.told()) {
            return List.of();
        }
        counted = people.told();
        return List.of(new ServerFrame.Presence(group, null, null, null, null, (long) counted));
    }

    /** When the next round is due, or null when there is nothing to tell. */
    Long due() {
        if (!unsure.isEmpty()) {
            return nextRound;
        }
        if (away.isEmpty()) {
            return null;
        }
        long first = away.values().iterator().next();
        return first - nextRound > 0 ? first : nextRound;
    }

    /** Who is on, to somebody who will be told of the changes from here on. */
    Present list(int limit) {
        List<PresentUser> users = new ArrayList<>();
        long count = people.told();
        for (String user : unsure) {
            Here here = people.told(user) != null ? null : attendance.of(user);
            if (here != null) {
                count++;
                add(users, limit, user, here);
            }
        }
        for (Person person : people.all()) {
            if (users.size() >= limit) {
                break;
            }
            if (person.told != null) {
                add(users, limit, person.user, person.told);
            }
        }
        return new Present(users, count, count > users.size());
    }

    private static void add(List<PresentUser> users, int limit, String user, Here here) {
        if (users.size() < limit) {
            users.add(new PresentUser(user, here.name(), here.devices(), here.since()));
        }
    }

    private ServerFrame.Presence frame(PresenceState state, String user, Here here) {
        Integer devices = state == PresenceState.LEFT ? null : Integer.valueOf(here.devices());
        return new ServerFrame.Presence(group, user, here.name(), state, devices, null);
    }

    void clear() {
        people.untellAll();
        unsure = Collections.emptySet();
        away = Collections.emptyMap();
        left = Collections.emptySet();
        counted = -1;
    }
}
