package dev.parley.server.hook;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.protocol.Address;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.cluster.NodeId;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.WebhookEvent;
import dev.parley.server.hook.redis.RedisEvents;
import dev.parley.server.redis.RedisLink;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The configured webhooks: those that decide, as hooks among others, and those that are told what happened. Made at the start, where a wrong setting stops it; told on any
 * thread, and nothing blocks.
 *
 * <p>What happened is told at least once: where there is Redis by whichever instance has the right to, see {@link SharedDeliveries}; elsewhere while this process
 * lives. What was sent through one instance is told in its order; the {@code seq} says the rest.
 */
@Startup
@Singleton
public final class Webhooks {
    private static final Logger LOG = Logger.getLogger(Webhooks.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private static final CompletionStage<Void> TOLD = CompletableFuture.completedStage(null);

    private final String node;
    private final HookCounters counters;
    private final List<ConnectPolicy> connects = new ArrayList<>();
    private final List<SendPolicy> sends = new ArrayList<>();
    private final Map<WebhookEvent, List<Hearer>> told = new EnumMap<>(WebhookEvent.class);

    /** How a webhook is told: by its name, its settings, and where it is. */
    private interface Telling {
        Hearer by(String name, ParleyConfig.Webhook set, Endpoint endpoint);
    }

    @Inject
    Webhooks(NodeId node, ParleyConfig config, HookCounters counters, RedisLink redis, Vertx vertx) {
        this(
                node.id(),
                config.webhooks(),
                counters,
                redis.configured() ? shared(node.id(), counters, redis, vertx) : alone(counters));
    }

    /** Of a process that is alone. */
    Webhooks(String node, Map<String, ParleyConfig.Webhook> webhooks, HookCounters counters) {
        this(node, webhooks, counters, alone(counters));
    }

    private Webhooks(String node, Map<String, ParleyConfig.Webhook> webhooks, HookCounters counters, Telling telling) {
        this.node = node;
        this.counters = counters;
        webhooks.forEach((name, set) -> add(name, set, telling));
    }

    private static Telling alone(HookCounters counters) {
        return (name, set, endpoint) -> new Deliveries(name, endpoint, set.queue(), set.attempts(), counters);
    }

    private static Telling shared(String node, HookCounters counters, RedisLink redis, Vertx vertx) {
        return (name, set, endpoint) -> {
            Deliveries deliveries = new Deliveries(name, endpoint, Integer.MAX_VALUE, set.attempts(), counters);
            EventStore store = new RedisEvents(redis, name, set.queue());
            return new SharedDeliveries(name, node, store, deliveries, counters).start(vertx);
        };
    }

    private void add(String name, ParleyConfig.Webhook set, Telling telling) {
        String property = "parley.webhooks.\"" + name + "\"";
        URI uri = set.url().map(url -> uri(property, url)).orElseThrow(() -> missing(property + ".url"));
        Signature signature = Signature.of(set.secrets().orElse(List.of()))
                .orElseThrow(() -> new ConfigurationException(property + ".secrets has what is no secret: write each as"
                        + " whsec_ and 24 to 64 random bytes in Base64, as 'openssl rand -base64 32' gives them."));
        Set<WebhookEvent> events = Set.copyOf(set.events().orElse(List.of()));
        if (events.isEmpty()) {
            throw missing(property + ".events");
        }
        Endpoint endpoint = new Endpoint(uri, signature, set.deadline());
        Hearer hearer = events.stream().anyMatch(Webhooks::isTold) ? telling.by(name, set, endpoint) : null;
        for (WebhookEvent event : events) {
            switch (event) {
                case CONNECT ->
                    connects.add(who -> endpoint.call(connect(who)).thenApply(body -> decision(Answer.read(body))));
                case SEND ->
                    sends.add(
                            message -> endpoint.call(send(message)).thenApply(body -> sendDecision(Answer.read(body))));
                default ->
                    told.computeIfAbsent(event, first -> new ArrayList<>()).add(hearer);
            }
        }
    }

    private static boolean isTold(WebhookEvent event) {
        return event != WebhookEvent.CONNECT && event != WebhookEvent.SEND;
    }

    private static URI uri(String property, String url) {
        try {
            URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ConfigurationException(
                property + ".url is '" + url + "': set it to an address that begins with http:// or https://.");
    }

    private static ConfigurationException missing(String property) {
        return new ConfigurationException(property + " is not set: a webhook needs an .url, .secrets and .events.");
    }

    List<ConnectPolicy> connects() {
        return connects;
    }

    List<SendPolicy> sends() {
        return sends;
    }

    /** A connection was welcomed. */
    public void connected(String connection, String user, String name) {
        tellOfConnection(WebhookEvent.CONNECTED, connection, user, name);
    }

    /** A connection that was welcomed is gone. */
    public void disconnected(String connection, String user, String name) {
        tellOfConnection(WebhookEvent.DISCONNECTED, connection, user, name);
    }

    /** Whether anybody wants to hear of messages. */
    public boolean tellMessages() {
        return told.containsKey(WebhookEvent.MESSAGE);
    }

    /**
     * A message was taken. Told of again where it is sent again, with the same id: the first time may have been the last of its instance.
     *
     * @return done when it will be told for certain, before which nobody is to be answered; fails with {@code unavailable}
     */
    public CompletionStage<Void> message(Address to, Cursor at, Envelope envelope) {
        return tellOfEntry(WebhookEvent.MESSAGE, to, at, envelope);
    }

    /** A membership has changed; done as for a {@link #message}. */
    public CompletionStage<Void> membership(Address to, Cursor at, Envelope envelope) {
        return tellOfEntry(WebhookEvent.MEMBERSHIP, to, at, envelope);
    }

    /** Gives what this instance is about to tell a moment more. Then it is lost, unless others know of it. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        List<Hearer> all =
                told.values().stream().flatMap(List::stream).distinct().toList();
        all.forEach(Hearer::stop);
        long until = System.nanoTime() + LAST_WORDS.toNanos();
        while (System.nanoTime() - until < 0 && all.stream().anyMatch(each -> each.waiting() > 0)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        all.forEach(Hearer::release);
    }

    private void tellOfConnection(WebhookEvent event, String connection, String user, String name) {
        List<Hearer> hearers = told.get(event);
        if (hearers != null) {
            CloudEvent told = CloudEvent.of(word(event), node, connection, "connection/" + connection, json -> {
                json.writeStringField("connection", connection);
                json.writeStringField("user", user);
                json.writeStringField("name", name);
            });
            hearers.forEach(hearer -> hearer.tell(told).exceptionally(failure -> {
                counters.dead.increment();
                LOG.warnf(
                        "A webhook will not hear that connection %s was %s: the store is out of reach",
                        connection, word(event));
                return null;
            }));
        }
    }

    private CompletionStage<Void> tellOfEntry(WebhookEvent event, Address to, Cursor at, Envelope envelope) {
        List<Hearer> hearers = told.get(event);
        if (hearers == null) {
            return TOLD;
        }
        String channel = to.channel();
        String key = at == null ? null : channel + ' ' + at.epoch() + ' ' + at.seq();
        byte[] frame = FrameWriter.write(new ServerFrame.Message(channel, at, envelope));
        CloudEvent told = CloudEvent.of(word(event), node, key, channel, json -> {
            json.writeFieldName("message");
            json.writeRawValue(new String(frame, StandardCharsets.UTF_8));
        });
        return CompletableFuture.allOf(hearers.stream()
                .map(hearer -> hearer.tell(told).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private CloudEvent connect(Connecting who) {
        return CloudEvent.of("connect", node, null, "connection/" + who.connection(), json -> {
            json.writeStringField("connection", who.connection());
            json.writeStringField("user", who.user());
            json.writeStringField("name", who.name());
            json.writeArrayFieldStart("roles");
            for (String role : who.roles()) {
                json.writeString(role);
            }
            json.writeEndArray();
            json.writeBooleanField("guest", who.guest());
            json.writeStringField("address", who.address());
        });
    }

    private CloudEvent send(Sending message) {
        return CloudEvent.of("send", node, null, message.to().channel(), json -> {
            writeSender(json, message.from());
            json.writeStringField("channel", message.to().channel());
            json.writeStringField("event", message.event());
            if (message.messageId() != null) {
                json.writeStringField("messageId", message.messageId());
            }
            json.writeBooleanField("volatile", message.isVolatile());
            json.writeFieldName("data");
            json.writeRawValue(message.data().toString());
        });
    }

    private static void writeSender(JsonGenerator json, Sender from) throws IOException {
        json.writeObjectFieldStart("from");
        if (from instanceof Sender.Person person) {
            json.writeStringField("user", person.user());
            json.writeStringField("name", person.name());
            json.writeStringField("connection", person.connection());
        } else if (from instanceof Sender.Service service) {
            json.writeStringField("service", service.service());
        }
        json.writeEndObject();
    }

    private static ConnectDecision decision(Answer answer) {
        return answer.accept()
                ? new ConnectDecision.Accept(answer.name(), answer.roles())
                : new ConnectDecision.Refuse(answer.detail());
    }

    private static SendDecision sendDecision(Answer answer) {
        return answer.accept()
                ? new SendDecision.Accept(answer.data(), answer.event())
                : new SendDecision.Refuse(answer.detail());
    }

    private static String word(WebhookEvent event) {
        return event.name().toLowerCase(java.util.Locale.ROOT);
    }
}
