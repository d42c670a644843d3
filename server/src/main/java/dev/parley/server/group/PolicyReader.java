package dev.parley.server.group;

import dev.parley.server.config.ParleyConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Optional;

/** Makes a namespace's policy of its settings, at the start. What makes no sense stops it with a sentence that names the property. */
final class PolicyReader {
    private static final Rule ANYONE = Rule.of("anyone");
    private static final Rule GRANTED = Rule.of("granted");
    private static final Rule NOBODY = Rule.of("nobody");
    private static final Rule MEMBERS = Rule.of("members");
    private static final Rule MANAGERS = Rule.of("owners", "moderators");

    /** Direct conversations belong to the two in their name, whatever is set. */
    static final Policy DIRECT =
            new Policy(ANYONE, NOBODY, MEMBERS, MEMBERS, MEMBERS, NOBODY, Integer.MAX_VALUE, false);

    private final String property;
    private final boolean durable;
    private final ParleyConfig.Namespace set;

    private PolicyReader(String property, boolean durable, ParleyConfig.Namespace set) {
        this.property = property;
        this.durable = durable;
        this.set = set;
    }

    /** The policy of groups that anybody may join, or of durable ones to which members are added. */
    static Policy initial(boolean durable, boolean open) {
        return new Policy(
                ANYONE,
                open ? ANYONE : GRANTED,
                MEMBERS,
                MEMBERS,
                MEMBERS,
                durable ? MANAGERS : NOBODY,
                Integer.MAX_VALUE,
                false);
    }

    /**
     * Reads it.
     *
     * @param property the namespace's, for complaints
     * @param initial what holds where nothing is set
     */
    static Policy read(String property, boolean durable, Policy initial, ParleyConfig.Namespace set) {
        return new PolicyReader(property, durable, set).over(initial);
    }

    /** For direct conversations only who may open one can be set. */
    static Policy readDirect(String property, boolean durable, ParleyConfig.Namespace set) {
        boolean changed = set.open().isPresent()
                || set.join().isPresent()
                || set.send().isPresent()
                || set.read().isPresent()
                || set.presence().isPresent()
                || set.manage().isPresent()
                || set.maxMembers().isPresent()
                || set.anonymous().isPresent();
        if (!durable || changed) {
            throw new ConfigurationException(property + " is the namespace of direct conversations, whose two members"
                    + " are in their names: set nothing but its .history and .create.");
        }
        Rule create = new PolicyReader(property, true, set).outside("create", set.create(), ANYONE);
        Policy d = DIRECT;
        return new Policy(create, d.join(), d.send(), d.read(), d.presence(), d.manage(), d.members(), d.anonymous());
    }

    private Policy over(Policy initial) {
        if (!durable) {
            refuse("open", set.open());
            refuse("create", set.create());
            refuse("manage", set.manage());
            refuse("max-members", set.maxMembers());
        }
        if (set.open().isPresent() && set.join().isPresent()) {
            throw new ConfigurationException(property + ".open and " + property
                    + ".join both say who may join: remove .open, which is short for join=anyone.");
        }
        Rule join = set.open().map(open -> open ? ANYONE : GRANTED).orElse(initial.join());
        return new Policy(
                outside("create", set.create(), initial.create()),
                outside("join", set.join(), join),
                inside("send", set.send(), initial.send()),
                inside("read", set.read(), initial.read()),
                inside("presence", set.presence(), initial.presence()),
                inside("manage", set.manage(), initial.manage()),
                set.maxMembers().orElse(initial.members()),
                set.anonymous().orElse(initial.anonymous()));
    }

    private void refuse(String name, Optional<?> value) {
        if (value.isPresent()) {
            throw new ConfigurationException(property + '.' + name + " has no meaning where membership belongs to the"
                    + " connection: remove it, or set " + property + ".membership=durable.");
        }
    }

    /** Who may come in: nobody is in yet. */
    private Rule outside(String name, Optional<List<String>> kinds, Rule initial) {
        Rule rule = inside(name, kinds, initial);
        if (rule.asksMembers()) {
            throw new ConfigurationException(
                    property + '.' + name + " is about who is not in the group yet, so members,"
                            + " moderators and owners have no meaning there: use anyone, users, role:<name>, granted or nobody.");
        }
        return rule;
    }

    private Rule inside(String name, Optional<List<String>> kinds, Rule initial) {
        Rule rule =
                kinds.map(written -> Rule.parse(property + '.' + name, written)).orElse(initial);
        if (!durable && rule.asksRoles()) {
            throw new ConfigurationException(property + '.' + name
                    + " asks for owners or moderators, whom there are only"
                    + " where membership belongs to users: use members, or set " + property + ".membership=durable.");
        }
        return rule;
    }
}
