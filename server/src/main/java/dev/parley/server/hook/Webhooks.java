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
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
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
import java.util.concurrent.TimeUnit;

/**
 * The configured webhooks: those that decide, as hooks among others, and those that are told what happened. Made at the start, where a wrong setting stops it; told on any
 * thread, and nothing blocks.
 *
 * <p>What happened is told at least once while this instance lives. The instance on which it happened tells it, so the order of a channel holds for what was sent
 * through one instance; the {@code seq} says the rest.
 */
@Startup
@Singleton
public final class Webhooks {
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final String node;
    private final List<ConnectPolicy> connects = new ArrayList<>();
    private final List<SendPolicy> sends = new ArrayList<>();
    private final Map<WebhookEvent, List<Deliveries>> told = new EnumMap<>(WebhookEvent.class);

    @Inject
    Webhooks(NodeId node, ParleyConfig config, HookCounters counters) {
        this(node.id(), config.webhooks(), counters);
    }

    Webhooks(String node, Map<String, ParleyConfig.Webhook> webhooks, HookCounters counters) {
        this.node = node;
        webhooks.forEach((name, set) -> add(name, set, counters));
    }

    private void add(String name, ParleyConfig.Webhook set, HookCounters counters) {
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
        Deliveries deliveries = new Deliveries(name, endpoint, set.queue(), set.attempts(), counters);
        for (WebhookEvent event : events) {
            switch (event) {
                case CONNECT ->
                    connects.add(who -> endpoint.call(connect(who)).thenApply(body -> decision(Answer.read(body))));
                case SEND ->
                    sends.add(
                            message -> endpoint.call(send(message)).thenApply(body -> sendDecision(Answer.read(body))));
                default ->
                    told.computeIfAbsent(event, first -> new ArrayList<>()).add(deliveries);
            }
        }
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

    /** A message was taken. Told of again where it is sent again, with the same id: the first time may have been the last of its instance. */
    public void message(Address to, Cursor at, Envelope envelope) {
        tellOfEntry(WebhookEvent.MESSAGE, to, at, envelope);
    }

    /** A membership has changed. */
    public void membership(Address to, Cursor at, Envelope envelope) {
        tellOfEntry(WebhookEvent.MEMBERSHIP, to, at, envelope);
    }

    /** Gives what waits a moment more, then it is lost. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        long until = System.nanoTime() + LAST_WORDS.toNanos();
        while (System.nanoTime() - until < 0
                && told.values().stream().flatMap(List::stream).anyMatch(each -> each.waiting() > 0)) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void tellOfConnection(WebhookEvent event, String connection, String user, String name) {
        List<Deliveries> hearers = told.get(event);
        if (hearers != null) {
            CloudEvent told = CloudEvent.of(word(event), node, connection, "connection/" + connection, json -> {
                json.writeStringField("connection", connection);
                json.writeStringField("user", user);
                json.writeStringField("name", name);
            });
            hearers.forEach(hearer -> hearer.tell(told));
        }
    }

    private void tellOfEntry(WebhookEvent event, Address to, Cursor at, Envelope envelope) {
        List<Deliveries> hearers = told.get(event);
        if (hearers != null) {
            String channel = to.channel();
            String key = at == null ? null : channel + ' ' + at.epoch() + ' ' + at.seq();
            byte[] frame = FrameWriter.write(new ServerFrame.Message(channel, at, envelope));
            CloudEvent told = CloudEvent.of(word(event), node, key, channel, json -> {
                json.writeFieldName("message");
                json.writeRawValue(new String(frame, StandardCharsets.UTF_8));
            });
            hearers.forEach(hearer -> hearer.tell(told));
        }
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
