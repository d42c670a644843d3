package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame.Membership;
import dev.parley.protocol.ServerFrame.MembershipState;
import dev.parley.server.delivery.Follow;
import dev.parley.server.delivery.MembershipListener;
import dev.parley.server.group.Groups;
import dev.parley.server.group.Groups.Standing;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Keeps what one connection follows in step with its user's memberships, which change by entries of the inbox. Runs on the connection's event loop.
 *
 * <p>Entries up to where the inbox stood when the list of groups was read are in that list already and only pass by as messages. What comes later takes effect
 * one change after the other in each group, each to its end: who was removed has the last entry before being told, and only then follows again.
 *
 * <p>A following belongs to one membership of possibly many that the user has had, named by its term. A removal ends the following of the membership it ends,
 * however late it is heard, and no other.
 */
final class Memberships implements MembershipListener {
    private static final int RETRY_MILLIS = 1000;
    private static final int LOST_MILLIS = 60_000;

    private final Session session;
    private final Turns<Address.Group> turns = new Turns<>();

    /** Terms that ended, as the client was told, and of whose end the inbox has not told yet. */
    private Set<String> endsTold = Collections.emptySet();

    private Cursor listedAt;

    /** What the inbox, or a look at the members, says of a group. */
    private record News(Address.Group group, Membership frame, String term) {
        boolean isAbout(Follow follow) {
            return term == null || term.equals(follow.term());
        }
    }

    /** The groups by the user's list, and the channels of those of which the inbox itself tells. */
    private record Listed(List<Groups.Mine> mine, Set<String> told) {}

    Memberships(Session session) {
        this.session = session;
    }

    /** The list of groups is about to be read. */
    void listedAt(Cursor inbox) {
        listedAt = inbox;
    }

    /** Who changes something about the following of a group waits here until all that came before it is done. */
    Turns<Address.Group> turns() {
        return turns;
    }

    @Override
    public void changed(Membership change, String term, Cursor at) {
        if (!isListed(at)) {
            News news = new News(new Address.Group(change.group()), change, term);
            turns.take(news.group, () -> apply(news));
        }
    }

    /** The client is told here and not only with the inbox' news, which may come later: when a join is to say where the next following begins. */
    @Override
    public void ended(String channel, Cursor last, String term) {
        if (isOpen() && Address.ofChannel(channel) instanceof Address.Group group) {
            // At once, or a join that goes on in this very turn of the loop would be answered before.
            session.exit(group);
            session.write(new Membership(group.name(), MembershipState.REMOVED, null, last));
            if (endsTold.isEmpty()) {
                endsTold = new HashSet<>(1);
            }
            endsTold.add(term);
        }
    }

    @Override
    public void missed(String channel, Cursor upTo) {
        if (channel.equals(inbox()) && !isListed(upTo)) {
            // Not in the midst of what is being written.
            session.socket.loop().execute(() -> reconcile(upTo));
        }
    }

    /** What may be read here has changed: ends what may not be any more, after which the client is told so, and begins what the user is a member of and may be. */
    void rejudge() {
        for (Address.Group group : List.copyOf(session.joined())) {
            if (!session.mayFollow(group)) {
                turns.take(group, () -> withhold(group));
            }
        }
        ask(
                session.gateway.groups.of(user()),
                this::rejudge,
                mine -> mine.stream()
                        .map(Groups.Mine::group)
                        .filter(group -> session.mayFollow(group) && followOf(group) == null)
                        .forEach(group -> turns.take(group, () -> compare(group))));
    }

    private void withhold(Address.Group group) {
        Follow follow = followOf(group);
        if (isOpen() && follow != null && !session.mayFollow(group)) {
            session.exit(group);
            Cursor last = follow.head();
            follow.end();
            session.write(new Membership(group.name(), MembershipState.REMOVED, null, last));
        }
        turns.done(group);
    }

    private boolean isListed(Cursor at) {
        return at.epoch().equals(listedAt.epoch()) && at.seq() <= listedAt.seq();
    }

    /**
     * Brings what is followed in accord with the list of groups, after a gap in the inbox that may have held changes. What the inbox says of a group behind the
     * gap is left to that: by then the list knew of it, so it is written before the inbox is looked through.
     */
    private void reconcile(Cursor gap) {
        if (isOpen()) {
            ask(
                    session.gateway
                            .groups
                            .of(user())
                            .thenCompose(mine -> InboxScan.since(session.gateway.log, inbox(), gap)
                                    .thenApply(told -> new Listed(mine, told.keySet()))),
                    () -> reconcile(gap),
                    this::reconcile);
        }
    }

    private void reconcile(Listed listed) {
        Map<Address.Group, String> terms = new HashMap<>();
        Map<Address.Group, Role> roles = new HashMap<>();
        listed.mine.forEach(each -> {
            terms.put(each.group(), each.term());
            roles.put(each.group(), each.role());
        });
        session.joined().stream()
                .filter(group -> session.gateway.namespaces.isDurable(group))
                .forEach(group -> terms.putIfAbsent(group, null));
        terms.forEach((group, term) -> {
            Follow follow = followOf(group);
            boolean asListed = follow != null && Objects.equals(follow.term(), term);
            if (asListed && session.joined().contains(group)) {
                session.enter(group, roles.get(group));
            }
            if (!asListed && session.mayFollow(group) && !listed.told.contains(group.channel())) {
                turns.take(group, () -> compare(group));
            }
        });
    }

    /** Makes the following of a group what the group's members say. */
    private void compare(Address.Group group) {
        if (isOpen()) {
            ask(
                    session.gateway.groups.standing(user(), group),
                    () -> compare(group),
                    standing -> compare(group, standing));
        }
    }

    private void compare(Address.Group group, Standing standing) {
        Follow follow = followOf(group);
        if (standing.term() != null && follow != null) {
            follow.goOnBy(standing.term());
            session.enter(group, standing.role());
            turns.done(group);
        } else if (standing.term() == null
                && follow == null
                && !session.joined().contains(group)) {
            turns.done(group);
        } else if (standing.term() == null && follow != null && !standing.exists()) {
            // Groups do not end: the store lost this one, with all else. Who is in it goes on until it is made anew.
            session.socket.later(LOST_MILLIS, () -> turns.take(group, () -> compare(group)));
            turns.done(group);
        } else {
            MembershipState state = standing.term() == null ? MembershipState.REMOVED : MembershipState.ADDED;
            ask(
                    session.gateway.log.head(group.channel(), null),
                    () -> compare(group),
                    head -> apply(new News(
                            group, new Membership(group.name(), state, standing.role(), head), standing.term())));
        }
    }

    private void apply(News news) {
        if (!isOpen()) {
            return;
        }
        Follow follow = followOf(news.group);
        if (follow == null && !session.mayFollow(news.group)) {
            turns.done(news.group);
            return;
        }
        if (news.frame.state() == MembershipState.REMOVED) {
            removed(news, follow);
        } else if (endsTold.contains(news.term)) {
            // The inbox lags behind the group: the connection has joined, and had everything up to the end, before it
            // was heard that it had.
            turns.done(news.group);
        } else if (news.frame.state() == MembershipState.ROLE) {
            if (session.joined().contains(news.group)) {
                session.enter(news.group, news.frame.role());
            }
            session.write(news.frame);
            turns.done(news.group);
        } else if (follow != null && news.isAbout(follow)) {
            session.write(news.frame);
            turns.done(news.group);
        } else {
            ask(
                    session.gateway.groups.standing(user(), news.group),
                    () -> apply(news),
                    standing -> added(news, standing));
        }
    }

    /** The last entry comes first, and being told of it then; sending ends at once. */
    private void removed(News news, Follow follow) {
        boolean old = follow != null && !news.isAbout(follow); // The connection has joined again meanwhile.
        if (endsTold.remove(news.term) || old) {
            turns.done(news.group);
            return;
        }
        session.exit(news.group);
        if (follow == null) {
            session.write(news.frame);
            turns.done(news.group);
            return;
        }
        String term = follow.term();
        endAfter(follow, news.frame.at(), () -> {
            if (!endsTold.remove(term)) {
                session.write(news.frame);
            }
            turns.done(news.group);
        });
    }

    private void added(News news, Standing standing) {
        Follow follow = followOf(news.group);
        if (follow == null) {
            begin(news, news.term == null ? standing.term() : news.term, standing);
        } else if (Objects.equals(follow.term(), standing.term())) {
            // Old news: the connection has joined again since.
            turns.done(news.group);
        } else {
            String term = news.term == null ? standing.term() : news.term;
            outlive(follow, news.frame.at(), term, () -> apply(news));
        }
    }

    /** Follows first and tells then: who is told may send at once. Where the membership is over by now, what came under it is still to be had. */
    private void begin(News news, String term, Standing standing) {
        Cursor at = news.frame.at();
        boolean member = standing.term() != null && standing.term().equals(term);
        CompletionStage<Follow> reached = session.outlet()
                .follow(news.group.channel())
                .thenCompose(follow -> session.outlet().reaches(follow, at).thenApply(there -> follow));
        session.onLoop(session.inTime(reached), (follow, failure) -> {
            if (!isOpen()) {
                return;
            }
            if (failure != null) {
                session.outlet().abandon(news.group.channel());
                session.socket.later(pause(), () -> apply(news));
                return;
            }
            if (!session.mayFollow(news.group)) {
                follow.end();
                turns.done(news.group);
                return;
            }
            if (member || follow.head().epoch().equals(at.epoch())) {
                session.write(news.frame);
                follow.start(at, term);
            } else {
                // The store lost the log and the membership with it: who is told nothing misses nothing.
                follow.end();
            }
            if (member) {
                session.enter(news.group, standing.role());
            }
            turns.done(news.group);
        });
    }

    /**
     * Lets a following by an earlier membership come to the end of that, which stands in the log before the entry that tells of the next one. Where it does not, the
     * store lost the earlier membership, or that entry's life of the log is over: then the following goes on by the next one, since its client was never told of an
     * end.
     *
     * @param at the place of the entry that tells of the next membership
     * @param term the next membership's
     * @param then is run on the loop, unless the connection is gone
     */
    void outlive(Follow follow, Cursor at, String term, Runnable then) {
        Runnable goOn = () -> session.socket.loop().execute(() -> {
            if (isOpen()) {
                if (!follow.hasEnded()) {
                    follow.goOnBy(term);
                }
                then.run();
            }
        });
        ask(session.gateway.log.head(follow.channel(), null), () -> outlive(follow, at, term, then), head -> {
            if (!head.epoch().equals(at.epoch())) {
                goOn.run();
            } else {
                follow.onPassing(at, goOn);
                session.outlet().reaches(follow, at);
            }
        });
    }

    private void endAfter(Follow follow, Cursor last, Runnable then) {
        // Not from within the loop over the channel's followers, which may be where it ends.
        follow.onEnd(() -> session.socket.loop().execute(() -> {
            if (isOpen()) {
                then.run();
            }
        }));
        follow.endAfter(last);
        if (!follow.hasEnded()) {
            // Has that read which no doorbell may have brought.
            session.outlet().reaches(follow, last);
        }
    }

    /** Goes on with an answer on the loop, or asks again after a pause. */
    private <T> void ask(CompletionStage<T> asked, Runnable again, Consumer<T> then) {
        session.onLoop(session.inTime(asked), (answer, failure) -> {
            if (!isOpen()) {
                return;
            }
            if (failure == null) {
                then.accept(answer);
            } else {
                session.socket.later(pause(), again);
            }
        });
    }

    /** Before something is tried again; another one each time, since what fails for one connection fails for all. */
    private static long pause() {
        return RETRY_MILLIS / 2 + ThreadLocalRandom.current().nextInt(RETRY_MILLIS);
    }

    private String inbox() {
        return new Address.User(user()).channel();
    }

    private String user() {
        return session.identity().user();
    }

    private Follow followOf(Address.Group group) {
        return session.outlet().following(group.channel());
    }

    private boolean isOpen() {
        return session.state() == Session.State.OPEN;
    }
}
