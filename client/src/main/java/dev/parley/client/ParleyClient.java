package dev.parley.client;

import dev.parley.protocol.Address;
import dev.parley.protocol.ClientFrame;
import dev.parley.protocol.ClientFrame.Since;
import dev.parley.protocol.Limits;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Role;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.ServerFrame.Result;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A connection to a Parley hub that comes back by itself. It follows {@code all}, the user's inbox and the groups joined; each message of theirs comes to the
 * {@link ParleyListener} once, in order, whatever happens to the connection, or a gap tells what was missed.
 *
 * <pre>{@code
 * var client = ParleyClient.to(URI.create("ws://localhost:8080/v1/connect")).token(token).listener(listener).build();
 * client.connect()
 *         .thenCompose(welcome -> client.join("chat:lobby"))
 *         .thenCompose(joined -> client.send(new Address.Group("chat:lobby"), RawJson.of("{\"text\":\"hi\"}")));
 * }</pre>
 *
 * <p>All methods may be called from any thread and return at once. Stages complete on the common pool, exceptionally with a {@link ParleyException} only;
 * the listener is called on a thread of its own. All threads are daemons.
 */
public final class ParleyClient implements AutoCloseable {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final Loop loop;
    private final Deliveries deliveries;
    private final Conversation conversation;
    private final Link link;
    private boolean closed; // loop only

    ParleyClient(Settings settings) {
        this.loop = new Loop("parley-client");
        this.deliveries = new Deliveries("parley-listener", settings.maxUndelivered());
        this.conversation = new Conversation(settings, loop, deliveries);
        this.link = new Link(settings, loop, deliveries, conversation);
    }

    /**
     * Begins to build a client.
     *
     * @param url where the hub takes connections, such as {@code wss://example.com/v1/connect}
     */
    public static ParleyClientBuilder to(URI url) {
        return new ParleyClientBuilder(url);
    }

    /**
     * Connects, and comes back by itself from then on until the server says to stay away or the client is closed.
     *
     * @return the first welcome; kind {@code REFUSED} when the server does not want this client. As long as the server cannot be reached it is tried again,
     *     and {@link ConnectionState.Waiting} tells why: who does not want to wait so long closes the client
     */
    public CompletionStage<ServerFrame.Welcome> connect() {
        return ask(link::connect);
    }

    /** {@link #send(Address, RawJson, SendOptions)} with the defaults. */
    public CompletionStage<Result.Sent> send(Address to, RawJson data) {
        return send(to, data, SendOptions.DEFAULT);
    }

    /**
     * Sends a message. Messages go out in the order of the calls. While there is no connection they are kept; one whose answer was lost, or that was refused for
     * the moment, is sent again under the same message id, so that it arrives once. Only a refusal "for the moment" can let a later one overtake.
     *
     * @param to to whom
     * @param data one JSON value
     * @param options what is out of the ordinary
     * @return what the server acknowledged. Kinds: {@code REFUSED}; {@code QUEUE_FULL}; {@code OFFLINE} for a volatile message; {@code OUTCOME_UNKNOWN} for
     *     one that is not kept, or when one comes back as another guest; {@code CLOSED}. There is no time limit: see
     *     {@link CompletableFuture#orTimeout}, which gives up waiting, not sending
     */
    public CompletionStage<Result.Sent> send(Address to, RawJson data, SendOptions options) {
        String messageId = options.messageId() == null ? MessageIds.next() : options.messageId();
        ClientFrame.Send send = new ClientFrame.Send(
                null,
                to,
                oneLine(data),
                options.event(),
                messageId,
                options.echo(),
                options.isVolatile(),
                options.except(),
                options.ref(),
                options.mentions());
        return ask(answer -> conversation.send(send, answer));
    }

    /** Joins a group from now on. See {@link #join(String, Since)}. */
    public CompletionStage<Result.Joined> join(String group) {
        return join(group, null);
    }

    /**
     * Joins a group; in a durable namespace, becomes a member. It is joined again by itself when the connection was lost.
     *
     * @param group its name
     * @param since from where to get what was said before, or null for none of it
     * @return where one stands. Kinds, as for all that follow: {@code REFUSED}, {@code OFFLINE}, {@code OUTCOME_UNKNOWN}, {@code TIMEOUT}, {@code CLOSED}
     */
    public CompletionStage<Result.Joined> join(String group, Since since) {
        Address.Group address = new Address.Group(group);
        return ask(answer -> conversation.join(address, since, answer));
    }

    /** Leaves a group; in a durable namespace, ends the membership. */
    public CompletionStage<Void> leave(String group) {
        Address.Group address = new Address.Group(group);
        return ask(answer -> conversation.leave(address, answer));
    }

    /**
     * Makes somebody a member of a durable group, or changes a member's role. For whom the namespace lets manage members.
     *
     * @param user the user's id
     * @param role the role from now on; null for {@code member}, or to leave a member's role as it is
     */
    public CompletionStage<Void> putMember(String group, String user, Role role) {
        Address.Group address = new Address.Group(group);
        String member = new Address.User(user).id();
        return ask(answer ->
                conversation.request(id -> new ClientFrame.Member(id, address, member, role), result -> null, answer));
    }

    /**
     * Ends somebody's membership of a durable group; where there is none, nothing happens.
     *
     * @param user the user's id
     */
    public CompletionStage<Void> removeMember(String group, String user) {
        Address.Group address = new Address.Group(group);
        String member = new Address.User(user).id();
        return ask(answer ->
                conversation.request(id -> new ClientFrame.Remove(id, address, member), result -> null, answer));
    }

    /**
     * Reads a page of the members of a durable group.
     *
     * @param cursor what a page before gave as {@code next}; null for the first page
     * @param limit 1 to {@value Limits#MEMBERS_MAX}
     * @return the page, by user id
     */
    public CompletionStage<Result.Members> members(String group, String cursor, int limit) {
        Address.Group address = new Address.Group(group);
        return ask(answer -> conversation.request(
                id -> new ClientFrame.Members(id, address, cursor, limit), Result.Members.class::cast, answer));
    }

    /**
     * Reads a page of what a channel keeps.
     *
     * @param channel a group or one's own inbox or everyone
     * @param before only entries with a smaller seq; null for no such bound
     * @param after only entries with a greater seq; null for no such bound. Give one bound at most
     * @param limit 1 to {@value Limits#HISTORY_MAX}
     * @return the page, in rising seq
     */
    public CompletionStage<Result.Page> history(Address channel, Long before, Long after, int limit) {
        return ask(answer -> conversation.request(
                id -> new ClientFrame.History(id, channel, before, after, limit), Result.Page.class::cast, answer));
    }

    /**
     * Tells of the user's durable groups what a chat shows before any of them is opened.
     *
     * @param after only groups whose names sort after it, the last one of the page before; null for the first page
     * @param limit 1 to {@value Limits#HISTORY_MAX}
     * @return in the order of the groups' names
     */
    public CompletionStage<Result.Conversations> conversations(String after, int limit) {
        return ask(answer -> conversation.request(
                id -> new ClientFrame.Conversations(id, null, after, limit), Result.Conversations.class::cast, answer));
    }

    /**
     * Gives a durable group another title or topic. For whom the namespace lets manage members.
     *
     * @param title at most {@value Limits#TITLE_MAX} characters, empty for none; null to leave it as it is
     * @param topic at most {@value Limits#TOPIC_MAX}, likewise
     */
    public CompletionStage<Void> describe(String group, String title, String topic) {
        Address.Group address = new Address.Group(group);
        return ask(answer -> conversation.request(
                id -> new ClientFrame.Describe(id, address, title, topic), result -> null, answer));
    }

    /** Tells how far the members of a durable group have read, as far as they have. */
    public CompletionStage<Result.Receipts> receipts(String group) {
        Address.Group address = new Address.Group(group);
        return ask(answer ->
                conversation.request(id -> new ClientFrame.Receipts(id, address), Result.Receipts.class::cast, answer));
    }

    /**
     * Looks for a text in what a channel keeps, whatever the case, from the end.
     *
     * @param before only entries with a smaller seq; null for no such bound
     * @param limit 1 to {@value Limits#SEARCH_MAX}
     * @return in rising seq; with {@code more} there may be more before its {@code before}, though perhaps nothing was found so far
     */
    public CompletionStage<Result.Page> search(Address channel, String text, Long before, int limit) {
        return ask(answer -> conversation.request(
                id -> new ClientFrame.Search(id, channel, text, before, limit), Result.Page.class::cast, answer));
    }

    /**
     * Keeps the user's own settings for a durable group, on all devices.
     *
     * @param value any JSON of at most {@value Limits#SETTINGS_MAX} bytes; JSON's null for none
     */
    public CompletionStage<Void> settings(String group, RawJson value) {
        Address.Group address = new Address.Group(group);
        RawJson line = oneLine(value);
        return ask(answer ->
                conversation.request(id -> new ClientFrame.Settings(id, address, line), result -> null, answer));
    }

    /** Tells who is on in a group. */
    public CompletionStage<Result.Present> presence(String group) {
        Address.Group address = new Address.Group(group);
        return ask(answer -> conversation.request(
                id -> new ClientFrame.PresenceQuery(id, address), Result.Present.class::cast, answer));
    }

    /** Says that everything up to a place has been read, on all of the user's devices. */
    public CompletionStage<Void> read(Address channel, long seq) {
        return ask(
                answer -> conversation.request(id -> new ClientFrame.Read(id, channel, seq), result -> null, answer));
    }

    /** Says that the user began or stopped typing. */
    public CompletionStage<Void> typing(Address to, boolean active) {
        return ask(
                answer -> conversation.request(id -> new ClientFrame.Typing(id, to, active), result -> null, answer));
    }

    /**
     * Gives the server a new token for the same user. Not needed where the builder has a supplier: that is asked when a token is about to end.
     *
     * @param token a JWT; the supplier's, or the builder's, is still what the next connection begins with
     * @return when it ends
     */
    public CompletionStage<Result.Refreshed> refresh(String token) {
        return ask(answer -> conversation.request(
                id -> new ClientFrame.Refresh(id, token),
                result -> result instanceof Result.Refreshed refreshed ? refreshed : new Result.Refreshed(null),
                answer));
    }

    /** Measures the time to the server and back. */
    public CompletionStage<Duration> ping() {
        long asked = System.nanoTime();
        return ask(answer -> conversation.request(
                ClientFrame.Ping::new, result -> Duration.ofNanos(System.nanoTime() - asked), answer));
    }

    /**
     * Closes the connection in an orderly way, for good. Sends that are not acknowledged yet fail with kind {@code CLOSED}. The listener hears what had come before.
     *
     * @return done when the server has answered, or after a second
     */
    public CompletionStage<Void> closeAsync() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean open = loop.execute(() -> {
            closed = true;
            link.close(() -> {
                deliveries.end();
                loop.end();
                Answers.succeed(done, null);
            });
        });
        if (!open) {
            done.complete(null);
        }
        return done;
    }

    /** {@link #closeAsync}, waited for: at most two seconds, after which it goes on by itself. */
    @Override
    public void close() {
        try {
            closeAsync().toCompletableFuture().get(CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException busy) {
            // The machine has no time for us; what is under way ends without anybody waiting for it.
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("closing a Parley client never fails", e);
        }
    }

    private <T> CompletionStage<T> ask(Consumer<CompletableFuture<T>> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = loop.execute(() -> {
            if (closed) {
                Answers.fail(answer, ParleyException.closed());
            } else {
                task.accept(answer);
            }
        });
        if (!taken) {
            answer.completeExceptionally(ParleyException.closed());
        }
        return answer;
    }

    /** A line break would end the frame. JSON has them between tokens only, where a space does as well. */
    private static RawJson oneLine(RawJson data) {
        byte[] utf8 = data.utf8();
        for (byte b : utf8) {
            if (b == '\n' || b == '\r') {
                return RawJson.of(data.toString().replace('\n', ' ').replace('\r', ' '));
            }
        }
        return data;
    }
}
