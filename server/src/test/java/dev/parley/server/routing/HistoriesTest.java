package dev.parley.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Address;
import dev.parley.protocol.Envelope;
import dev.parley.protocol.RawJson;
import dev.parley.protocol.Sender;
import dev.parley.protocol.ServerFrame.Message;
import dev.parley.protocol.ServerFrame.Result.Page;
import dev.parley.protocol.json.FrameWriter;
import dev.parley.server.delivery.Stored;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.Append;
import dev.parley.server.log.Retention;
import dev.parley.server.log.memory.MemoryChannelLog;
import dev.parley.server.testing.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Pages held against a model that filters the whole log. */
class HistoriesTest {
    private static final Address.Group GROUP = new Address.Group("lobby");
    private static final Viewer ADA = new Viewer("ada", "n.1");
    private static final int ENTRIES = 1000;

    private final MemoryChannelLog log = new MemoryChannelLog(Long.MAX_VALUE);
    private final Histories histories = new Histories(log, new Exceeded(), Settings.with(Map.of()));

    @Test
    void pagesAreWhatTheModelSaysWhoeverLooksAndHoweverLittleIsVisible() {
        Random random = new Random(7);
        boolean[] visible = new boolean[ENTRIES + 1];
        for (int seq = 1; seq <= ENTRIES; seq++) {
            // Long stretches that Ada may not see, longer than what is read at once.
            visible[seq] = seq / 300 % 2 == 0 && random.nextInt(3) > 0;
            append(visible[seq] ? Stored.PLAIN : new Stored(null, List.of("ada"), null), ENTRIES);
        }
        for (int i = 0; i < 3000; i++) {
            int limit = 1 + random.nextInt(200);
            Long bound = random.nextInt(10) == 0 ? null : (long) random.nextInt(ENTRIES + 3);
            boolean newer = bound != null && random.nextBoolean();
            List<Long> all = LongStream.rangeClosed(1, ENTRIES)
                    .filter(seq -> visible[(int) seq])
                    .filter(seq -> bound == null || (newer ? seq > bound : seq < bound))
                    .boxed()
                    .toList();
            int size = Math.min(limit, all.size());

            Page page = page(newer ? null : bound, newer ? bound : null, limit, ADA);

            assertThat(seqs(page)).isEqualTo(newer ? all.subList(0, size) : all.subList(all.size() - size, all.size()));
            assertThat(page.more()).isEqualTo(all.size() > limit);
        }
    }

    @Test
    void aServiceSeesAll() {
        append(new Stored("n.1", List.of("ada"), null), 10);
        append(Stored.PLAIN, 10);

        assertThat(seqs(page(null, null, 10, ADA))).containsExactly(2L);
        assertThat(seqs(page(null, null, 10, Viewer.SERVICE))).containsExactly(1L, 2L);
    }

    @Test
    void whatTheLogNoLongerHasIsNoMore() {
        for (int i = 0; i < ENTRIES; i++) {
            append(Stored.PLAIN, 10);
        }

        Page page = page(null, null, 200, ADA);

        assertThat(seqs(page)).contains((long) ENTRIES).hasSizeBetween(10, 200);
        assertThat(page.more()).isFalse();
        assertThat(page((long) ENTRIES / 2, null, 200, ADA).messages()).isEmpty();
        assertThat(seqs(page(null, 0L, 5, ADA)).get(0)).isEqualTo(seqs(page).get(0));
    }

    @Test
    void pagesOfLargeEntriesAreShortAndTogetherHaveAll() {
        for (int i = 0; i < 20; i++) {
            append(Stored.PLAIN, ENTRIES, RawJson.of('"' + "x".repeat(60_000) + '"'));
        }

        Page newest = page(null, null, 200, ADA);
        Page oldest = page(null, 0L, 200, ADA);
        List<Long> all = new ArrayList<>(seqs(oldest));
        for (Page page = oldest; page.more(); ) {
            page = page(null, all.get(all.size() - 1), 200, ADA);
            all.addAll(seqs(page));
        }

        assertThat(seqs(newest)).containsExactly(16L, 17L, 18L, 19L, 20L);
        assertThat(newest.more()).isTrue();
        assertThat(seqs(oldest)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(all).isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
    }

    @Test
    void aChannelWithoutEntriesHasAnEmptyPage() {
        assertThat(page(null, null, 50, ADA)).isEqualTo(new Page(List.of(), false));
    }

    private Page page(Long before, Long after, int limit, Viewer viewer) {
        return histories
                .page(GROUP, before, after, limit, viewer)
                .toCompletableFuture()
                .join();
    }

    private void append(Stored who, int keep) {
        append(who, keep, RawJson.of("1"));
    }

    private void append(Stored who, int keep, RawJson data) {
        Envelope envelope = new Envelope(GROUP, new Sender.Service("test"), "m", "message", 1, data, null);
        Retention retention = new Retention(keep, Duration.ofDays(1), Duration.ofDays(1));
        byte[] entry = who.encode(FrameWriter.envelope(envelope));
        log.append(new Append(GROUP.channel(), null, null, 1, 1000, retention, entry))
                .toCompletableFuture()
                .join();
    }

    private static List<Long> seqs(Page page) {
        return page.messages().stream().map(Message::at).map(at -> at.seq()).toList();
    }
}
