package dev.parley.server.routing;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Ref;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame.Message;
import dev.parley.protocol.ServerFrame.Result.Page;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.Stored;
import dev.parley.server.log.Append;
import dev.parley.server.log.ChannelLog;
import dev.parley.server.log.Retention;
import dev.parley.server.routing.Digests.Digest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is found by looking through the newest entries, on every log. */
abstract class LooksContract {
    private static final Viewer ADA = new Viewer("ada", "n.1");

    private final Address.Group group = new Address.Group("chat:" + UUID.randomUUID());
    private int keep = 10_000;

    protected abstract ChannelLog log();

    @Test
    void unreadIsCountedAsFarAsAnybodyLooks() {
        for (int i = 0; i < 250; i++) {
            say("bob", "hello");
        }

        assertThat(digest(null).unread()).isEqualTo(100);
        assertThat(digest(175L).unread()).isEqualTo(75);
        assertThat(digest(250L).unread()).isZero();
    }

    @Test
    void unreadIsWhatIsStillKept() {
        keep = 10;
        for (int i = 0; i < 50; i++) {
            say("bob", "hello");
        }

        assertThat(digest(3L).unread()).isEqualTo(10);
    }

    @Test
    void whatOneMayNotGetIsNotUnreadAndNotShown() {
        say("bob", "for all");
        append("bob", "\"not for Ada\"", null, new Stored(null, List.of("ada"), null), "message");

        Digest digest = digest(null);

        assertThat(digest.unread()).isEqualTo(1);
        assertThat(digest.last()).hasSize(1);
    }

    @Test
    void behindMuchThatDoesNotCountIsLookedForUnreadAndNotForTheLast() {
        long first = say("bob", "hello");
        for (int i = 0; i < 300; i++) {
            append("bob", "1", null, Stored.PLAIN, "tick");
        }

        Digest digest = digest(null);

        assertThat(first).isEqualTo(1);
        assertThat(digest.unread()).isEqualTo(1);
        assertThat(digest.last()).isEmpty();
    }

    @Test
    void theLastIsNotWhatWasDeleted() {
        long kept = say("bob", "kept");
        long gone = say("bob", "gone");
        append("bob", "null", new Ref("m" + gone, Ref.Kind.DELETE, gone), Stored.PLAIN, "message");

        Digest digest = digest(null);

        assertThat(digest.last()).extracting(message -> message.at().seq()).containsExactly(kept, gone, gone + 1);
        assertThat(digest.unread()).isEqualTo(1);
    }

    @Test
    void whatComesAfterAPlaceIsNotLookedAt() {
        long first = say("bob", "one");
        say("bob", "two");
        append("bob", "null", new Ref("m", Ref.Kind.DELETE, first), Stored.PLAIN, "message");

        Digest digest = get(new Digests(log()).of(group, ADA, first, null, true));

        assertThat(digest.unread()).isEqualTo(1);
        assertThat(digest.last()).extracting(message -> message.at().seq()).containsExactly(first);
        assertThat(get(new Digests(log()).of(group, ADA, 0, null, true))).isEqualTo(Digest.READ);
    }

    @Test
    void aChannelWithoutEntriesHasNothingToTell() {
        assertThat(digest(null)).isEqualTo(Digest.READ);
    }

    @Test
    void aSearchGoesOnUntilTheEndHoweverLittleItFinds() {
        List<Long> wanted = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            if (i % 700 == 0) {
                wanted.add(say("bob", "a needle"));
            } else {
                say("bob", "hay");
            }
        }
        List<Long> found = new ArrayList<>();
        Long before = null;
        int calls = 0;
        do {
            Page page = get(new Searches(log(), channel -> true).find(group, "NEEDLE", before, 2, ADA));
            found.addAll(
                    0,
                    page.messages().stream()
                            .map(Message::at)
                            .map(at -> at.seq())
                            .toList());
            before = page.before();
            calls++;
            assertThat(page.more()).isEqualTo(before != null);
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(2);
        } while (before != null && calls < 100);

        assertThat(found).isEqualTo(wanted);
    }

    @Test
    void whatIsFoundIsTextAndNothingElse() {
        long text = append("bob", "{\"n\":1,\"text\":\"cafe\\u0301\",\"more\":{}}", null, Stored.PLAIN, "message");
        append("bob", "{\"other\":\"café\",\"text\":7}", null, Stored.PLAIN, "message");
        append("bob", "[\"café\"]", null, Stored.PLAIN, "message");
        append("bob", "\"café\"", new Ref("m" + text, Ref.Kind.REACTION), Stored.PLAIN, "message");

        Page page = get(new Searches(log(), channel -> true).find(group, "CAFÉ", null, 10, ADA));

        assertThat(page.messages()).extracting(message -> message.at().seq()).containsExactly(text);
    }

    private Digest digest(Long read) {
        return get(new Digests(log()).of(group, ADA, 10_000, read, true));
    }

    private long say(String user, String text) {
        return append(user, "{\"text\":\"" + text + "\"}", null, Stored.PLAIN, "message");
    }

    private long append(String user, String data, Ref ref, Stored who, String event) {
        Envelope envelope = new Envelope(
                group,
                new Sender.Person(user, user, "n.2"),
                "m" + UUID.randomUUID().toString().substring(0, 8),
                event,
                1,
                RawJson.of(data),
                ref);
        Retention retention = new Retention(keep, Duration.ofDays(1), Duration.ofDays(1));
        byte[] entry = who.encode(FrameWriter.envelope(envelope));
        return get(log().append(new Append(group.channel(), null, null, 1, 1000, retention, entry)))
                .at()
                .seq();
    }
}
