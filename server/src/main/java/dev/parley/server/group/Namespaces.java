package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Names;
import dev.parley.protocol.ProtocolException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.Membership;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.limit.Limit;
import dev.parley.server.log.Retention;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The policies of all namespaces, from {@code parley.namespaces} over those that exist from the start. Read at the start, where nonsense stops it; asked on any
 * thread.
 */
@Startup
@Singleton
public final class Namespaces {

    /** After this long without use a channel is forgotten as a whole. */
    static final Duration IDLE = Duration.ofDays(30);

    static final Duration GUEST_IDLE = Duration.ofDays(1);

    private static final int HISTORY_SIZE = 1000;
    private static final Duration HISTORY_AGE = Duration.ofDays(7);

    /** The ids that the hub makes up for guests; a person of one's own with such an id would merely have a short-lived inbox. */
    private static final Pattern GUEST = Pattern.compile("g-[a-z0-9]{10}");

    private final Map<String, Namespace> byName = new HashMap<>();
    private final Namespace unlisted;
    private final Retention guestInbox;
    private final int longestName;
    private final Exceeded exceeded;

    Namespaces(ParleyConfig config, Exceeded exceeded) {
        this.longestName = config.limits().groupName();
        this.exceeded = exceeded;
        Retention kept = new Retention(HISTORY_SIZE, HISTORY_AGE, IDLE);
        byName.put(Namespace.DEFAULT, new Namespace(Namespace.DEFAULT, false, kept, PolicyReader.initial(false, true)));
        byName.put(Namespace.CHAT, new Namespace(Namespace.CHAT, true, kept, PolicyReader.initial(true, true)));
        byName.put(Namespace.DIRECT, new Namespace(Namespace.DIRECT, true, kept, PolicyReader.DIRECT));
        config.namespaces().forEach((name, set) -> byName.put(name, configured(name, set)));
        unlisted = byName.get(Namespace.DEFAULT);
        Retention inbox = inbox();
        guestInbox = new Retention(inbox.entries(), inbox.age(), GUEST_IDLE);
    }

    /** The policy of a group; that of {@code default} where its namespace is not listed. */
    public Namespace of(Address.Group group) {
        return byName.getOrDefault(group.namespace(), unlisted);
    }

    /** Whether a channel is a durable group's, which has members and whose every change is judged. */
    public boolean isDurable(Address channel) {
        return channel instanceof Address.Group group && of(group).durable();
    }

    /**
     * With whom a user speaks in a direct conversation.
     *
     * @return the other's id; null in other groups, and for who is neither of the two
     */
    public String otherOf(Address.Group group, String user) {
        if (!of(group).direct()) {
            return null;
        }
        Direct pair = Direct.of(group);
        return pair.has(user) ? pair.other(user) : null;
    }

    /**
     * Requires that a group's name is not longer than it may be, of whoever is not in it yet.
     *
     * @throws ProtocolException ({@code bad_frame}) when it is
     */
    public void requireName(Address.Group group) {
        if (group.name().length() > longestName) {
            exceeded.count(Limit.GROUP_NAME);
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME, "a group's name has no more than " + longestName + " characters here");
        }
    }

    /** What the inbox of a person keeps. */
    public Retention inbox() {
        return everyone();
    }

    /** What a user's inbox keeps: as for people, but a guest's is forgotten after {@code 1D} without use. */
    public Retention inbox(String user) {
        return GUEST.matcher(user).matches() ? guestInbox : inbox();
    }

    /** What the channel of everybody keeps: what {@code default} does. */
    public Retention everyone() {
        return unlisted.retention();
    }

    private Namespace configured(String name, ParleyConfig.Namespace set) {
        String property = "parley.namespaces.\"" + name + "\"";
        if (!Names.isGroup(name) || name.indexOf(':') >= 0) {
            throw new ConfigurationException(property + " names no namespace: use letters, digits and . _ ~ @ - only,"
                    + " without the ':' that ends it in a group's name.");
        }
        Namespace before = byName.get(name);
        boolean durable = set.membership()
                .map(membership -> membership == Membership.DURABLE)
                .orElse(before != null && before.durable());
        Retention kept = retention(property + ".history", set.history());
        if (name.equals(Namespace.DIRECT)) {
            return new Namespace(name, durable, kept, PolicyReader.readDirect(property, durable, set));
        }
        Policy initial = before != null && before.durable() == durable
                ? before.policy()
                : PolicyReader.initial(durable, !durable);
        return new Namespace(name, durable, kept, PolicyReader.read(property, durable, initial, set));
    }

    private static Retention retention(String property, ParleyConfig.History history) {
        if (history.size() < 1) {
            throw new ConfigurationException(property + ".size is " + history.size()
                    + ", but a channel keeps at least 1 entry: set it to 1 or more.");
        }
        if (history.age().toMillis() < 1) {
            throw new ConfigurationException(property + ".age is " + history.age()
                    + ", but entries live for a time: set it to a positive duration such as 7D.");
        }
        return new Retention(history.size(), history.age(), IDLE);
    }
}
