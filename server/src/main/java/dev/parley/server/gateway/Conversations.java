package dev.parley.server.gateway;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Conversation;
import dev.parley.protocol.ServerFrame.Other;
import dev.parley.protocol.ServerFrame.Result;
import dev.parley.server.delivery.Follow;
import dev.parley.server.group.About;
import dev.parley.server.group.Known;
import dev.parley.server.group.Place;
import dev.parley.server.group.ReadPositions.Standing;
import dev.parley.server.routing.Digests.Digest;
import dev.parley.server.routing.Viewer;
import dev.parley.server.security.Action;
import dev.parley.server.security.Identity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One {@code conversations}: what a chat shows of the durable groups that a connection follows, gathered at once, so that a list of fifty costs one request.
 * Begun on the connection's event loop; the answer completes on any thread.
 */
final class Conversations {

    /** With so much in it a page ends, as one of history does: it waits as a whole for its reader. */
    private static final int PAGE_BYTES = 256 * 1024;

    /** What surrounds a message's payload, about. */
    private static final int MESSAGE_BYTES = 256;

    private final Session session;
    private final Gateway gateway;
    private final Identity who;
    private final String user;

    private record Followed(Address.Group group, Place place, Cursor head) {}

    Conversations(Session session) {
        this.session = session;
        this.gateway = session.gateway;
        this.who = session.identity();
        this.user = who.user();
    }

    CompletionStage<Result.Conversations> page(ClientFrame.Conversations asked) {
        List<Followed> all = followed(asked);
        List<Followed> page = all.size() > asked.limit() ? all.subList(0, asked.limit()) : all;
        List<Address> channels = page.stream().<Address>map(Followed::group).toList();
        return gateway.readPositions
                .of(user, channels)
                .thenCombine(
                        gateway.settings.of(user),
                        (read, settings) -> page.stream()
                                .map(each -> describe(
                                                each, read.get(each.group.channel()), settings.get(each.group.name()))
                                        .toCompletableFuture())
                                .toList())
                .thenCompose(described -> CompletableFuture.allOf(described.toArray(CompletableFuture[]::new))
                        .thenApply(done -> fitting(
                                described.stream().map(CompletableFuture::join).toList(), all.size() > page.size())))
                .thenApplyAsync(this::delivering, session.socket.loop());
    }

    /** The newest messages of direct conversations are in the answer, which is written next on this loop. */
    private Result.Conversations delivering(Result.Conversations page) {
        for (Conversation each : page.conversations()) {
            if (each.other() != null && !each.last().isEmpty()) {
                session.wrote(new Address.Group(each.group()), each.at());
            }
        }
        return page;
    }

    private List<Followed> followed(ClientFrame.Conversations asked) {
        List<Followed> followed = new ArrayList<>();
        for (Address.Group group : session.joined()) {
            boolean wanted = (asked.group() == null || asked.group().equals(group))
                    && (asked.after() == null || group.name().compareTo(asked.after()) > 0);
            Follow follow = wanted ? session.outlet().following(group.channel()) : null;
            if (follow != null && gateway.namespaces.isDurable(group)) {
                followed.add(new Followed(group, session.place(group), follow.head()));
            }
        }
        followed.sort(Comparator.comparing(each -> each.group.name()));
        return followed;
    }

    private CompletionStage<Conversation> describe(Followed followed, Long read, String settings) {
        Address.Group group = followed.group;
        CompletionStage<Digest> digest = gateway.policies
                .require(who, Action.READ, group, followed.place)
                .handle((may, refusal) -> refusal == null)
                .thenCompose(mayRead -> gateway.digests.of(
                        group, new Viewer(user, session.connection), followed.head.seq(), read, mayRead));
        CompletionStage<About> about = gateway.groups.about(group);
        CompletionStage<Other> other = other(group);
        return digest.thenCombine(
                        about,
                        (its, said) -> new Conversation(
                                group.name(),
                                role(followed),
                                said.description().title(),
                                said.description().topic(),
                                said.members(),
                                followed.head,
                                read,
                                its.unread(),
                                its.mentions(),
                                settings == null ? null : RawJson.of(settings),
                                its.last(),
                                null))
                .thenCombine(other, Conversations::with);
    }

    private static Conversation with(Conversation one, Other other) {
        return new Conversation(
                one.group(),
                one.role(),
                one.title(),
                one.topic(),
                one.members(),
                one.at(),
                one.read(),
                one.unread(),
                one.mentions(),
                one.settings(),
                one.last(),
                other);
    }

    private static Role role(Followed followed) {
        return followed.place == null ? null : followed.place.role();
    }

    /** With whom, in a direct conversation; null in others. */
    private CompletionStage<Other> other(Address.Group group) {
        String other = gateway.namespaces.otherOf(group, user);
        if (other == null) {
            return CompletableFuture.completedStage(null);
        }
        CompletionStage<Known> known = gateway.users.about(other);
        CompletionStage<Map<String, Standing>> standings = gateway.readPositions.in(group);
        return known.thenCombine(standings, (its, all) -> {
            Standing standing = all.get(other);
            return new Other(
                    other,
                    its == null ? null : its.name(),
                    its == null ? null : its.lastSeen(),
                    standing == null ? null : standing.read(),
                    standing == null ? null : standing.delivered());
        });
    }

    private static Result.Conversations fitting(List<Conversation> all, boolean more) {
        long bytes = 0;
        int fit = 0;
        while (fit < all.size() && bytes < PAGE_BYTES) {
            for (ServerFrame.Message message : all.get(fit).last()) {
                bytes += MESSAGE_BYTES + message.envelope().data().length();
            }
            fit++;
        }
        return new Result.Conversations(all.subList(0, fit), more || fit < all.size());
    }
}
