package dev.parley.server.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.parley.protocol.Cursor;
import dev.parley.server.cluster.Cluster;
import dev.parley.server.cluster.NodeId;
import dev.parley.server.delivery.Counters;
import dev.parley.server.delivery.LiveChannels;
import dev.parley.server.delivery.Standing;
import dev.parley.server.delivery.Stored;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What goes on at this instance, for operators: its figures, its connections and channels, and how far a message got to those who follow its channel here. Asked by
 * the cluster on any thread; looks, and changes nothing.
 */
@Singleton
final class Report {
    /** Connections and channels told of at most: more than these nobody reads. */
    private static final int MOST = 200;

    private final NodeId node;
    private final Sessions sessions;
    private final LiveChannels channels;
    private final Counters counters;

    /** Answers go between instances as ASCII. */
    private final JsonFactory json =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    Report(NodeId node, Sessions sessions, LiveChannels channels, Counters counters) {
        this.node = node;
        this.sessions = sessions;
        this.channels = channels;
        this.counters = counters;
    }

    void begin(@Observes StartupEvent event, Cluster cluster) {
        cluster.onReport(this::answer);
    }

    /** One JSON object. @param asked nothing, or a channel and a seq with a space between them */
    private CompletionStage<String> answer(String asked) {
        String[] about = asked.split(" ");
        if (about.length != 2) {
            return CompletableFuture.completedStage(write(this::figures));
        }
        String channel = about[0];
        long seq = Long.parseLong(about[1]);
        return channels.headerOf(channel, seq)
                .thenCombine(
                        channels.standings(channel),
                        (header, standings) -> write(to -> trace(to, seq, header, standings)));
    }

    private void figures(JsonGenerator to) throws IOException {
        to.writeNumberField("connections", sessions.count());
        to.writeNumberField("channels", channels.count());
        to.writeNumberField("entries", counters.entries.sum());
        to.writeNumberField("behind", counters.behind.sum());
        to.writeNumberField("gaps", counters.gapsDeclared.sum());
        to.writeNumberField(
                "memory",
                Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        to.writeArrayFieldStart("open");
        for (Session session : sessions.open().stream().limit(MOST).toList()) {
            to.writeStartObject();
            to.writeStringField("connection", session.connection);
            to.writeStringField("user", session.identity().user());
            to.writeStringField("name", session.identity().name());
            to.writeNumberField("since", session.since());
            to.writeEndObject();
        }
        to.writeEndArray();
        to.writeArrayFieldStart("active");
        for (LiveChannels.Active active : channels.active(MOST)) {
            to.writeStartObject();
            to.writeStringField("channel", active.channel());
            to.writeNumberField("seq", active.head().seq());
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    private static void trace(JsonGenerator to, long seq, Optional<Stored> header, List<Standing> standings)
            throws IOException {
        to.writeArrayFieldStart("followers");
        for (Standing standing : standings.stream().limit(MOST).toList()) {
            to.writeStartObject();
            to.writeStringField("connection", standing.connection());
            to.writeStringField("user", standing.user());
            to.writeStringField("state", state(standing, seq, header));
            to.writeEndObject();
        }
        to.writeEndArray();
    }

    /** What became of an entry for somebody who follows its channel. */
    private static String state(Standing standing, long seq, Optional<Stored> header) {
        Cursor at = standing.at();
        boolean passed = at != null && at.seq() >= seq;
        if (header.isPresent() && !header.get().mayGet(standing.connection(), standing.user())) {
            return "excepted";
        }
        return passed ? "written" : !standing.hasRoom() ? "full" : "behind";
    }

    private interface Fields {
        void write(JsonGenerator to) throws IOException;
    }

    private String write(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator to = json.createGenerator(text)) {
            to.writeStartObject();
            to.writeStringField("node", node.id());
            to.writeNumberField("time", System.currentTimeMillis());
            fields.write(to);
            to.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }
}
