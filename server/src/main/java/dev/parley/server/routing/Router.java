package dev.parley.server.routing;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame.Send;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result.Sent;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.cluster.Cluster;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.delivery.Publisher;
import dev.parley.server.delivery.Stored;
import dev.parley.server.group.Groups;
import dev.parley.server.group.Namespaces;
import dev.parley.server.group.Place;
import dev.parley.server.group.Policies;
import dev.parley.server.group.Users;
import dev.parley.server.hook.Hooks;
import dev.parley.server.hook.SendOrder;
import dev.parley.server.hook.Webhooks;
import dev.parley.server.log.Append;
import dev.parley.server.log.Appended;
import dev.parley.server.log.Retention;
import dev.parley.server.security.Action;
import dev.parley.server.trace.CallersTrace;
import dev.parley.server.trace.Trace;
import dev.parley.server.trace.Tracing;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes a message from a person or a service, checks whether it may go where it is to go, and brings it there. Called by the gateway and the HTTP API, on any
 * thread; does not block.
 */
@Singleton
public final class Router {
    private static final Duration PEOPLE_WINDOW = Duration.ofHours(24);
    private static final Duration SERVICE_WINDOW = Duration.ofMinutes(10);

    private final Publisher publisher;
    private final Cluster cluster;
    private final Groups groups;
    private final Namespaces namespaces;
    private final Policies policies;
    private final References references;
    private final Users users;
    private final Hooks hooks;
    private final Webhooks webhooks;
    private final Tracing tracing;
    private final boolean broadcastEveryone;

    Router(
            Publisher publisher,
            Cluster cluster,
            Groups groups,
            Namespaces namespaces,
            Policies policies,
            References references,
            Users users,
            Hooks hooks,
            Webhooks webhooks,
            Tracing tracing,
            ParleyConfig config) {
        this.publisher = publisher;
        this.cluster = cluster;
        this.groups = groups;
        this.namespaces = namespaces;
        this.policies = policies;
        this.references = references;
        this.users = users;
        this.hooks = hooks;
        this.webhooks = webhooks;
        this.tracing = tracing;
        this.broadcastEveryone = config.broadcast().everyone();
    }

    /**
     * Sends a message.
     *
     * @param origin who sends
     * @param send the message; its {@code id} is not looked at
     * @return what the ack carries; fails with {@link ProtocolException} when it is refused and with
     *     {@link dev.parley.server.log.LogUnavailableException} when it is not known whether it was taken
     */
    public CompletionStage<Sent> send(Origin origin, Send send) {
        return send(origin, send, CallersTrace.NONE);
    }

    /**
     * Sends a message on behalf of a caller who may be traced.
     *
     * @param caller the trace of which the message is part, if any
     * @return as {@link #send(Origin, Send)}
     */
    public CompletionStage<Sent> send(Origin origin, Send send, CallersTrace caller) {
        Trace trace = tracing.begin(send.to(), caller);
        return trace == null
                ? route(origin, send, null)
                : route(origin, send, trace).whenComplete((sent, failure) -> trace.ended(failure));
    }

    /** @param trace of the message, or null as for nearly all */
    private CompletionStage<Sent> route(Origin origin, Send send, Trace trace) {
        CompletionStage<Void> permitted;
        try {
            permitted = permit(origin, send);
        } catch (ProtocolException refusal) {
            return CompletableFuture.failedStage(refusal);
        }
        if (isAboutEarlier(send)) {
            return permitted
                    .thenCompose(may -> references.resolve(origin, (Address.Group) send.to(), send.ref()))
                    .thenCompose(ref -> go(origin, send.withRef(ref), Policies.PERMITTED, trace));
        }
        return go(origin, send, permitted, trace);
    }

    /**
     * Whether a message changes an earlier one of a durable group: what it is about is looked up before it is sent, so it holds up what its sender sends after it.
     */
    public boolean isAboutEarlier(Send send) {
        return send.ref() != null && send.ref().changes() && namespaces.isDurable(send.to());
    }

    private CompletionStage<Sent> go(Origin origin, Send send, CompletionStage<Void> permitted, Trace trace) {
        if (hooks.decideSends()) {
            CompletionStage<Send> decided = permitted.thenCompose(may -> hooks.send(origin.sender(), send));
            SendOrder order = origin.order();
            return order == null
                    ? decided.thenCompose(changed -> deliver(origin, changed, trace))
                    : order.after(decided, changed -> deliver(origin, changed, trace));
        }
        // Settled at once for what is followed, as nearly all that is sent to is.
        return permitted == Policies.PERMITTED
                ? deliver(origin, send, trace)
                : permitted.thenCompose(may -> deliver(origin, send, trace));
    }

    private CompletionStage<Void> permit(Origin origin, Send send) {
        Address to = send.to();
        if (send.event().equals(Envelope.MEMBERSHIP_EVENT)) {
            return refuse(ErrorCode.FORBIDDEN, "the event membership is the hub's own");
        }
        if (to instanceof Address.Everyone) {
            boolean may = !(origin instanceof Origin.Person person)
                    || broadcastEveryone
                    || person.identity().admin();
            return may ? Policies.PERMITTED : refuse(ErrorCode.FORBIDDEN, "only an admin may send to everyone");
        }
        if (to instanceof Address.Group group) {
            if (send.event().equals(Envelope.GROUP_EVENT) && namespaces.isDurable(group)) {
                return refuse(ErrorCode.FORBIDDEN, "the event group is the hub's own in durable groups");
            }
            return permitGroup(origin, group);
        }
        if (to instanceof Address.User user) {
            return users.known(user.id())
                    .thenCompose(known -> known ? Policies.PERMITTED : refuse(ErrorCode.UNKNOWN_USER, "no such user"));
        }
        return Policies.PERMITTED;
    }

    private CompletionStage<Void> permitGroup(Origin origin, Address.Group group) {
        if (origin instanceof Origin.Person it) {
            Place place = it.places().apply(group);
            if (place == null) {
                namespaces.requireName(group);
            }
            return policies.require(it.identity(), Action.SEND, group, place);
        }
        namespaces.requireName(group);
        if (!namespaces.isDurable(group)) {
            return Policies.PERMITTED;
        }
        return groups.exists(group)
                .thenCompose(exists -> exists ? Policies.PERMITTED : refuse(ErrorCode.UNKNOWN_GROUP, "no such group"));
    }

    private CompletionStage<Sent> deliver(Origin origin, Send send, Trace trace) {
        long time = System.currentTimeMillis();
        String messageId = send.messageId() == null ? MessageIds.next(time) : send.messageId();
        Envelope envelope = new Envelope(
                send.to(), origin.sender(), messageId, send.event(), time, send.data(), send.ref(), send.mentions());
        if (send.to() instanceof Address.Connection connection) {
            return deliverDirect(connection, envelope);
        }
        Stored who = new Stored(notConnection(origin, send), send.except(), null);
        if (trace != null) {
            who = who.tracedBy(trace.write(!send.isVolatile(), messageId));
        }
        if (send.isVolatile()) {
            CompletionStage<Void> rung = publisher.ring(send.to(), volatileFrame(envelope), who);
            if (trace != null) {
                rung = rung.whenComplete((none, failure) -> trace.written(null, false, failure));
            }
            return rung.thenApply(none -> sentNowhere(envelope));
        }
        Append.Dedup dedup = send.messageId() == null
                ? null
                : new Append.Dedup(
                        origin.dedupName(),
                        messageId,
                        origin instanceof Origin.Person ? PEOPLE_WINDOW : SERVICE_WINDOW);
        CompletionStage<Appended> appended = publisher.publish(send.to(), envelope, who, dedup, retention(send.to()));
        if (trace != null) {
            appended = appended.whenComplete((its, failure) ->
                    trace.written(its == null ? null : its.at(), its != null && its.duplicate(), failure));
        }
        if (!webhooks.tellMessages()) {
            return appended.thenApply(its -> sent(envelope, its));
        }
        // Nobody sends again what was acknowledged: by then it must be certain that it is told.
        return appended.thenCompose(
                its -> webhooks.message(send.to(), its.at(), envelope).thenApply(told -> sent(envelope, its)));
    }

    private static Sent sent(Envelope envelope, Appended appended) {
        return new Sent(
                envelope.messageId(), envelope.to().channel(), appended.at(), appended.time(), appended.duplicate());
    }

    private CompletionStage<Sent> deliverDirect(Address.Connection connection, Envelope envelope) {
        return cluster.deliver(connection.id(), volatileFrame(envelope)).thenCompose(delivered -> {
            if (!delivered) {
                return refuse(ErrorCode.UNKNOWN_CONNECTION, "no such connection");
            }
            return CompletableFuture.completedStage(sentNowhere(envelope));
        });
    }

    private Retention retention(Address to) {
        if (to instanceof Address.Group group) {
            return namespaces.of(group).retention();
        }
        return to instanceof Address.User user ? namespaces.inbox(user.id()) : namespaces.everyone();
    }

    private static String notConnection(Origin origin, Send send) {
        return !send.echo() && origin instanceof Origin.Person person ? person.connection() : null;
    }

    private static byte[] volatileFrame(Envelope envelope) {
        return FrameWriter.write(new ServerFrame.Message(envelope.to().channel(), null, envelope));
    }

    private static Sent sentNowhere(Envelope envelope) {
        return new Sent(envelope.messageId(), envelope.to().channel(), null, envelope.time(), false);
    }

    private static <T> CompletionStage<T> refuse(ErrorCode code, String detail) {
        return CompletableFuture.failedStage(new ProtocolException(code, detail));
    }
}
