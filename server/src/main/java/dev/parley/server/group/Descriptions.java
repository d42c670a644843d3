package dev.parley.server.group;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.parley.protocol.Address;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;
import dev.parley.server.delivery.Stored;
import dev.parley.server.log.Append;
import dev.parley.server.security.Identity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives durable groups their titles and topics, and tells of it in the group. Used by {@link Groups}, on any thread; nothing blocks.
 *
 * <p>First the store is changed, then an entry tells of it, whose message id follows from the change's version: who repeats a change of which it is unknown
 * whether it took effect tells of it at most once. Where two change at once, the entry that stands last tells what the store holds.
 */
final class Descriptions {
    private static final String SENDER = "parley";
    private static final Duration WINDOW = Duration.ofHours(24);

    /** Somebody else was faster; so often in a row is no accident any more. */
    private static final int ATTEMPTS = 20;

    private final MembershipStore store;
    private final MembershipEntries.Publishing publishing;
    private final Namespaces namespaces;
    private final SecureRandom random = new SecureRandom();

    Descriptions(MembershipStore store, MembershipEntries.Publishing publishing, Namespaces namespaces) {
        this.store = store;
        this.publishing = publishing;
        this.namespaces = namespaces;
    }

    /**
     * Changes what is not null.
     *
     * @param title the title from now on, empty for none
     * @param topic likewise
     * @param by who does so; null for a service
     * @return done; fails with {@code unknown_group}, and with {@code bad_frame} for what is too long or has more than one line
     */
    CompletionStage<Void> change(Address.Group group, String title, String topic, Identity by) {
        requireLine("title", title, Limits.TITLE_MAX);
        requireLine("topic", topic, Limits.TOPIC_MAX);
        return attempt(group, title, topic, by, ATTEMPTS);
    }

    private static void requireLine(String name, String text, int most) {
        if (text != null && (text.length() > most || text.chars().anyMatch(Character::isISOControl))) {
            throw new ProtocolException(
                    ErrorCode.BAD_FRAME, name + " has more than " + most + " characters, or a control character");
        }
    }

    private CompletionStage<Void> attempt(Address.Group group, String title, String topic, Identity by, int left) {
        if (left == 0) {
            return CompletableFuture.failedStage(
                    new ProtocolException(ErrorCode.UNAVAILABLE, "too many change this at once; try again"));
        }
        return store.about(group.name()).thenCompose(about -> {
            if (!about.exists()) {
                throw new ProtocolException(ErrorCode.UNKNOWN_GROUP, "no such group");
            }
            Description now = about.description();
            String newTitle = changed(now.title(), title);
            String newTopic = changed(now.topic(), topic);
            if (Objects.equals(newTitle, now.title()) && Objects.equals(newTopic, now.topic())) {
                // Perhaps by who was interrupted before it was told.
                return now == Description.NONE ? done() : tell(group, now, by, "");
            }
            Description next = new Description(newTitle, newTopic, version());
            return store.describe(group.name(), now.version(), next)
                    .thenCompose(changed ->
                            changed ? tell(group, next, by, "") : attempt(group, title, topic, by, left - 1));
        });
    }

    private static String changed(String now, String wanted) {
        if (wanted == null) {
            return now;
        }
        return wanted.isBlank() ? null : wanted.strip();
    }

    /** @param after the version that was told meanwhile, and is not true any more; empty for none */
    private CompletionStage<Void> tell(Address.Group group, Description description, Identity by, String after) {
        String id = "group-" + description.version() + after;
        Envelope envelope = new Envelope(
                group,
                new Sender.Service(SENDER),
                id,
                Envelope.GROUP_EVENT,
                System.currentTimeMillis(),
                RawJson.of(data(description, by)),
                null);
        return publishing
                .publish(
                        group,
                        envelope,
                        Stored.PLAIN,
                        new Append.Dedup(SENDER, id, WINDOW),
                        namespaces.of(group).retention())
                .thenCompose(told -> store.about(group.name()))
                .thenCompose(about -> {
                    Description now = about.description();
                    boolean stands = now.version().equals(description.version());
                    return stands ? done() : tell(group, now, null, '-' + description.version());
                });
    }

    private static String data(Description description, Identity by) {
        StringBuilder json = new StringBuilder("{");
        field(json, "title", description.title());
        field(json, "topic", description.topic());
        if (by != null) {
            json.append(json.length() > 1 ? "," : "").append("\"by\":{");
            field(json, "user", by.user());
            field(json, "name", by.name());
            json.append('}');
        }
        return json.append('}').toString();
    }

    private static void field(StringBuilder json, String name, String value) {
        if (value != null) {
            json.append(json.charAt(json.length() - 1) == '{' ? "" : ",")
                    .append('"')
                    .append(name)
                    .append("\":\"")
                    .append(JsonStringEncoder.getInstance().quoteAsString(value))
                    .append('"');
        }
    }

    /** Random and not counted, so that a group that was lost with its Redis does not reuse what the log may still know as told. */
    private String version() {
        return Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedStage(null);
    }
}
