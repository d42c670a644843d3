package dev.parley.server.group;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.Result.Members;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.delivery.Publisher;
import dev.parley.server.group.Changes.Changed;
import dev.parley.server.hook.Webhooks;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.security.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Durable groups and their members: who joins, leaves, is added and removed, and what may follow from it. Called by the gateway, routing and the HTTP API, on
 * any thread; nothing blocks.
 *
 * <p>Stages fail with {@link ProtocolException} when something is refused, and with it or {@link dev.parley.server.log.LogUnavailableException} when a store is
 * out of reach. A change that was interrupted is finished by whoever touches the same membership next, or within a minute by {@link Sweep}, so all changes may simply
 * be asked for again.
 *
 * <p>While a group has members its last owner neither leaves nor is made anything else, except by a service. A group that everybody left goes on to exist, and
 * who joins it next, where that is allowed, owns it.
 */
@Singleton
public final class Groups {
    private final Namespaces namespaces;
    private final Policies policies;
    private final MembershipStore store;
    private final ChannelLog log;
    private final Changes changes;
    private final Descriptions descriptions;
    private final int most;

    /**
     * A membership after a join.
     *
     * @param role the member's role
     * @param at where following starts: at the entry that tells of the joining, or for who was a member before at the last entry
     * @param members how many members the group has
     * @param term tells this membership from an earlier or a later one of the same user
     */
    public record Joined(Role role, Cursor at, long members, String term) {}

    /**
     * A group that a user is a member of.
     *
     * @param term tells this membership from an earlier or a later one of the same user
     */
    public record Mine(Address.Group group, Role role, String term) {}

    /**
     * How a user stands to a group.
     *
     * @param exists whether the group was created
     * @param role the user's role; null for no member
     * @param members how many members the group has
     * @param term tells the membership from an earlier or a later one of the same user; null for no member
     */
    public record Standing(boolean exists, Role role, long members, String term) {}

    @Inject
    Groups(
            Namespaces namespaces,
            Policies policies,
            MembershipStore store,
            ChannelLog log,
            Publisher publisher,
            Webhooks webhooks,
            ParleyConfig config) {
        this(
                namespaces,
                policies,
                store,
                log,
                telling(webhooks, publisher),
                config.limits().groups());
    }

    /** The group's entry is what webhooks hear of; the same one in an inbox is for the user's devices. */
    private static MembershipEntries.Publishing telling(Webhooks webhooks, Publisher publisher) {
        return (to, envelope, who, dedup, retention) -> publisher
                .publish(to, envelope, who, dedup, retention)
                .thenCompose(appended -> to instanceof Address.Group
                                && envelope.event().equals(Envelope.MEMBERSHIP_EVENT)
                        ? webhooks.membership(to, appended.at(), envelope).thenApply(told -> appended)
                        : CompletableFuture.completedStage(appended));
    }

    Groups(
            Namespaces namespaces,
            Policies policies,
            MembershipStore store,
            ChannelLog log,
            MembershipEntries.Publishing publishing,
            int most) {
        this.most = most;
        this.namespaces = namespaces;
        this.policies = policies;
        this.store = store;
        this.log = log;
        this.descriptions = new Descriptions(store, publishing, namespaces);
        this.changes = new Changes(store, new MembershipEntries(publishing, namespaces), most);
    }

    /**
     * Makes a user a member, and the group where there is none yet: its first member is its owner. A direct conversation gets both its members.
     *
     * @param who the user
     * @return the membership; fails with {@code forbidden} where one may not join, with {@code conflict} for a full group and for who is in too many, and with
     *     {@code bad_frame} for a malformed direct conversation
     */
    public CompletionStage<Joined> join(Identity who, Address.Group group) {
        return requireDurable(group).thenCompose(namespace -> {
            if (namespace.direct()) {
                return open(Direct.of(group), who, namespace, group);
            }
            return changes.apply(
                            group,
                            who.user(),
                            who.name(),
                            null,
                            roll -> admit(who, namespace, group, roll),
                            byPeople(namespace))
                    .thenCompose(changed -> joined(group, changed));
        });
    }

    /**
     * Ends a user's membership; where there is none, nothing happens. The group's entry of it is the last one that the user's devices get.
     *
     * @return done; fails with {@code conflict} for the last owner of a group that has other members
     */
    public CompletionStage<Void> leave(Identity who, Address.Group group) {
        return requireDurable(group)
                .thenCompose(namespace ->
                        changes.apply(group, who.user(), who.name(), null, roll -> null, byPeople(namespace)))
                .thenApply(left -> null);
    }

    /** The groups a user is a member of. */
    public CompletionStage<List<Mine>> of(String user) {
        return store.listed(user).thenCompose(listed -> {
            List<Mine> mine = new ArrayList<>();
            List<CompletableFuture<Mine>> doubtful = new ArrayList<>();
            for (Map.Entry<String, String> each : listed.entrySet()) {
                Address.Group group = new Address.Group(each.getKey());
                String[] listing = each.getValue().split(" ", 2);
                if (listing.length < 2 || each.getValue().startsWith(MembershipStore.DOUBT)) {
                    doubtful.add(verify(user, group).toCompletableFuture());
                } else {
                    mine.add(new Mine(group, Role.ofWire(listing[0]), listing[1]));
                }
            }
            return CompletableFuture.allOf(doubtful.toArray(CompletableFuture[]::new))
                    .thenApply(verified -> {
                        doubtful.stream()
                                .map(CompletableFuture::join)
                                .filter(found -> found.role() != null)
                                .forEach(mine::add);
                        return mine;
                    });
        });
    }

    /**
     * Makes changes to their end that were left half-way, by whichever instance.
     *
     * @param age those begun so long ago at least: nobody is about to do so any more
     * @param most so many at once
     * @return how many there were; fails with the first that cannot be mended now
     */
    CompletionStage<Integer> mend(Duration age, int most) {
        return store.noted(age, most)
                .thenCompose(pending -> CompletableFuture.allOf(pending.stream()
                                .map(each -> changes.mend(each).toCompletableFuture())
                                .toArray(CompletableFuture[]::new))
                        .thenApply(mended -> pending.size()));
    }

    /** How a user stands to a group. */
    public CompletionStage<Standing> standing(String user, Address.Group group) {
        return store.look(group.name(), user)
                .thenApply(roll -> new Standing(
                        roll.exists(), roll.member() ? roll.seat().role() : null, roll.members(), roll.term()));
    }

    /**
     * A page of the members of a durable group, by user id.
     *
     * @param cursor what a page before gave as {@code next}, or null
     * @param most so many on the page
     * @return the page; fails with {@code conflict} for a session group, with {@code unknown_group} for one that does not exist, and with {@code bad_frame} for a
     *     cursor that is none
     */
    public CompletionStage<Members> members(Address.Group group, String cursor, int most) {
        String behind = MemberPages.behind(cursor);
        return requireDurable(group)
                .thenCompose(namespace -> exists(group))
                .thenCompose(exists -> exists ? store.members(group.name()) : unknown())
                .thenApply(seats -> MemberPages.page(seats, behind, most));
    }

    /** Whether an entry of a durable group tells that this user was added: what stands before it was not said to them. */
    public static boolean tellsOfAddition(Envelope envelope, String user) {
        return MembershipEntries.tellsOfAddition(envelope, user);
    }

    /** What a durable group says of itself. */
    public CompletionStage<About> about(Address.Group group) {
        return store.about(group.name());
    }

    /**
     * Gives a durable group another title or topic. For the HTTP API, which may do so in every group, and for {@link Managers}.
     *
     * @param title the title from now on, empty for none; null to leave it as it is
     * @param topic likewise
     * @param by the person who does so, or null
     * @return done; fails with {@code conflict} for a session group, {@code forbidden} for a direct conversation, {@code unknown_group}, and {@code bad_frame} for
     *     what is too long
     */
    public CompletionStage<Void> describe(Address.Group group, String title, String topic, Identity by) {
        return requireDurable(group).thenCompose(namespace -> {
            if (namespace.direct()) {
                throw new ProtocolException(ErrorCode.FORBIDDEN, "a direct conversation is named after its two");
            }
            return descriptions.change(group, title, topic, by);
        });
    }

    /** Whether a durable group was created. */
    public CompletionStage<Boolean> exists(Address.Group group) {
        return store.look(group.name(), "").thenApply(Roll::exists);
    }

    /**
     * Makes somebody a member, or changes a member's role. For the HTTP API, which may do so in every group.
     *
     * @param role the role from now on; null for {@code member}, or to leave a member's role as it is
     * @return done; fails with {@code conflict} for a session group and for who is in too many groups, and with {@code forbidden} for what a direct conversation does not allow
     */
    public CompletionStage<Void> put(Address.Group group, String user, Role role) {
        return requireDurable(group).thenCompose(namespace -> {
            namespaces.requireName(group);
            if (namespace.direct()) {
                requireOneOfTwo(Direct.of(group), user);
                if (role != null && role != Role.MEMBER) {
                    throw new ProtocolException(ErrorCode.FORBIDDEN, "in a direct conversation both are members");
                }
            }
            return changes.apply(group, user, null, null, roll -> roleFor(role, roll), byService(namespace))
                    .thenApply(put -> null);
        });
    }

    /** As {@link #put(Address.Group, String, Role)}, by a person whose authority goes so far, in a group that exists. */
    CompletionStage<Void> put(Address.Group group, String user, Role role, Identity by, Role authority) {
        return requireDurable(group)
                .thenCompose(namespace -> changes.apply(
                        group,
                        user,
                        null,
                        another(by, user),
                        roll -> within(authority, requireExisting(roll), roleFor(role, roll)),
                        byPeople(namespace)))
                .thenApply(put -> null);
    }

    /**
     * Ends somebody's membership; where there is none, nothing happens. For the HTTP API.
     *
     * @return done; fails with {@code conflict} for a session group, and with {@code unknown_group} for one that does not exist
     */
    public CompletionStage<Void> remove(Address.Group group, String user) {
        return requireDurable(group)
                .thenCompose(namespace -> changes.apply(
                        group,
                        user,
                        null,
                        null,
                        roll -> {
                            requireExisting(roll);
                            return null;
                        },
                        byService(namespace)))
                .thenApply(removed -> null);
    }

    /** As {@link #remove(Address.Group, String)}, by a person whose authority goes so far. */
    CompletionStage<Void> remove(Address.Group group, String user, Identity by, Role authority) {
        return requireDurable(group)
                .thenCompose(namespace -> changes.apply(
                        group,
                        user,
                        null,
                        another(by, user),
                        roll -> within(authority, requireExisting(roll), null),
                        byPeople(namespace)))
                .thenApply(removed -> null);
    }

    /** Who changes somebody else's membership; null for who changes their own. */
    private static Identity another(Identity by, String user) {
        return by.user().equals(user) ? null : by;
    }

    private static MembershipStore.Terms byPeople(Namespace namespace) {
        return new MembershipStore.Terms(namespace.policy().members(), !namespace.direct());
    }

    private static MembershipStore.Terms byService(Namespace namespace) {
        return new MembershipStore.Terms(namespace.policy().members(), false);
    }

    private static Roll requireExisting(Roll roll) {
        if (!roll.exists()) {
            throw new ProtocolException(ErrorCode.UNKNOWN_GROUP, "no such group");
        }
        return roll;
    }

    /** The role that is wanted, unless it or what it takes the place of is above the one who wants it. */
    private static Role within(Role authority, Roll roll, Role wanted) {
        Role now = roll.member() ? roll.seat().role() : null;
        boolean above =
                now != null && now.compareTo(authority) > 0 || wanted != null && wanted.compareTo(authority) > 0;
        if (now != wanted && above) {
            throw new ProtocolException(ErrorCode.FORBIDDEN, "nobody gives or takes a role above their own");
        }
        return wanted;
    }

    private static <T> CompletionStage<T> unknown() {
        return CompletableFuture.failedStage(new ProtocolException(ErrorCode.UNKNOWN_GROUP, "no such group"));
    }

    private Role admit(Identity who, Namespace namespace, Address.Group group, Roll roll) {
        if (roll.member()) {
            return roll.seat().role();
        }
        if (!roll.exists()) {
            if (!policies.mayCreate(who, namespace, group)) {
                throw new ProtocolException(
                        ErrorCode.FORBIDDEN,
                        "only " + namespace.policy().create().words() + " may make such a group");
            }
            return Role.OWNER;
        }
        if (!policies.mayJoin(who, namespace, group)) {
            throw new ProtocolException(
                    ErrorCode.FORBIDDEN,
                    "only " + namespace.policy().join().words()
                            + " may join this group by themselves; its owners add others");
        }
        return roll.members() == 0 ? Role.OWNER : Role.MEMBER;
    }

    private static Role roleFor(Role asked, Roll roll) {
        if (asked == null) {
            return roll.member() ? roll.seat().role() : Role.MEMBER;
        }
        return asked;
    }

    /**
     * Both are written each time, since the other one may have left since the last. What others open fills at most half of the room that somebody has, so that
     * nobody is locked out of groups by that.
     */
    private CompletionStage<Joined> open(Direct pair, Identity who, Namespace namespace, Address.Group group) {
        requireOneOfTwo(pair, who.user());
        String other = pair.other(who.user());
        MembershipStore.Terms terms = byPeople(namespace);
        return store.look(group.name(), other)
                .thenCompose(roll -> {
                    if (!policies.mayOpen(who, namespace, group, roll.exists())) {
                        throw new ProtocolException(
                                ErrorCode.FORBIDDEN,
                                "only " + namespace.policy().create().words() + " may open a direct conversation");
                    }
                    return roll.member()
                            ? CompletableFuture.<Void>completedStage(null)
                            : changes.requireRoom(other, most / 2);
                })
                .thenCompose(room -> changes.apply(group, who.user(), who.name(), null, roll -> Role.MEMBER, terms))
                .thenCompose(mine -> changes.apply(group, other, null, who, roll -> Role.MEMBER, terms)
                        .thenCompose(others ->
                                joined(group, new Changed(mine.role(), mine.at(), others.members(), mine.term()))));
    }

    private CompletionStage<Joined> joined(Address.Group group, Changed changed) {
        CompletionStage<Cursor> at =
                changed.at() == null ? log.head(group.channel(), null) : CompletableFuture.completedStage(changed.at());
        return at.thenApply(place -> new Joined(changed.role(), place, changed.members(), changed.term()));
    }

    private CompletionStage<Mine> verify(String user, Address.Group group) {
        return store.look(group.name(), user).thenCompose(roll -> {
            CompletionStage<Cursor> finished =
                    roll.seat() == null || roll.seat().untold() == null
                            ? CompletableFuture.completedStage(null)
                            : changes.finish(group, user, roll.seat());
            return finished.thenApply(
                    at -> new Mine(group, roll.member() ? roll.seat().role() : null, roll.term()));
        });
    }

    /** The namespace of a group whose membership belongs to users; fails with {@code conflict} for others. */
    CompletionStage<Namespace> requireDurable(Address.Group group) {
        Namespace namespace = namespaces.of(group);
        if (!namespace.durable()) {
            return CompletableFuture.failedStage(new ProtocolException(
                    ErrorCode.CONFLICT, "membership of this group belongs to connections, which join it themselves"));
        }
        return CompletableFuture.completedStage(namespace);
    }

    private static void requireOneOfTwo(Direct pair, String user) {
        if (!pair.has(user)) {
            throw new ProtocolException(ErrorCode.FORBIDDEN, "a direct conversation is between the two it names");
        }
    }
}
